#include "esmm/export/export.h"

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/core/log.h"
#include "esmm/export/parity.h"
#include "esmm/export/script_module.h"
#include "esmm/predict/exported_file.h"
#include "esmm/predict/sha256.h"
#include "esmm/train/files/evaluation_file.h"
#include "esmm/train/files/run_folder.h"

#include <torch/csrc/jit/serialization/export.h>
#include <torch/script.h>
#include <torch/version.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <vector>

namespace esmm::exporting {
namespace {

namespace fs = std::filesystem;

constexpr double kTolerance = 1e-6;

std::string describe(const train::Run& run, const torch::jit::Module& module,
                     const torch::jit::ExtraFilesMap& extras) {
  std::vector<std::string> names;
  for (const Field& field : run.schema.fields) names.push_back(field.name);
  const nlohmann::ordered_json metadata = {{"format", predict::kFormatVersion},
                                           {"method", run.config.model.method},
                                           {"fields", names},
                                           {"table_rows", run.table_rows},
                                           {"dimension", run.config.model.dimension},
                                           {"calibration", calibration::name_of(run.calibration)},
                                           {"esmm_version", ESMM_VERSION},
                                           {"torch_version", TORCH_VERSION},
                                           {"sha256", predict::digest_of(module, extras)}};
  return metadata.dump(2);
}

// None that is outdated: what rides along is the exported model's.
void add_evaluation(const train::Run& run, torch::jit::ExtraFilesMap& extras) {
  const train::RunFolder folder(run.config.train.run);
  const std::string outdated = train::outdated_evaluation(folder, run.digest, run.calibration);
  if (!outdated.empty()) return log::warn("{}; it is left out of the exported file", outdated);
  if (fs::exists(folder.evaluation())) extras[predict::kEvaluationFile] = read_file(folder.evaluation());
}

torch::jit::ExtraFilesMap extra_files(const train::Run& run, const torch::jit::Module& module) {
  torch::jit::ExtraFilesMap extras{{predict::kSchemaFile, schema_to_json(run.schema)},
                                   {predict::kConfigFile, dump_config(run.config)}};
  extras[predict::kMetadataFile] = describe(run, module, extras);
  if (!run.config.train.run.empty()) add_evaluation(run, extras);
  return extras;
}

// By a writer of ours: the archive then holds no trace of the file's name, and a full disk is an error.
void save(const torch::jit::Module& module, const torch::jit::ExtraFilesMap& extras, const fs::path& file,
          const fs::path& shown) {
  FileSink sink(file, shown);
  const auto write = [&sink](const void* bytes, size_t count) {
    sink.write(bytes, count);
    return count;
  };
  torch::jit::ExportModule(module, write, extras);
  sink.close();
}

std::string digest_of_file(const fs::path& file) {
  predict::Sha256 digest;
  std::ifstream in(file, std::ios::binary);
  std::vector<char> block(1 << 20);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
    digest.update(block.data(), static_cast<size_t>(in.gcount()));
  }
  return digest.finish();
}

// What a user wrote is not replaced; an archive begins with these two letters.
void require_replaceable(const fs::path& out) {
  std::ifstream in(out, std::ios::binary);
  char begin[2] = {};
  if (!in || !in.read(begin, 1) || (in.read(begin + 1, 1) && begin[0] == 'P' && begin[1] == 'K')) return;
  throw Error({.what = "is there already and is no exported model",
               .where = out.string(),
               .hint = "name another file for the model, or remove this one"});
}

}  // namespace

ExportReport export_model(const train::Run& run, const fs::path& out) {
  require_replaceable(out);
  const torch::jit::Module module = make_script_module(run);
  ExportReport report;
  write_atomically(out, [&](const fs::path& temporary) {
    save(module, extra_files(run, module), temporary, out);
    const Parity parity = compare_with_file(run, temporary);
    if (parity.unexplained_difference > kTolerance) {
      throw Error(
          {.what = "the exported file does not score as the trained model does",
           .where = out.string(),
           .expected = fmt::format("differences of at most {:.0e}", kTolerance),
           .got = fmt::format("{:.2e} over {} impressions", parity.unexplained_difference, parity.rows),
           .hint = "nothing was written; train again, and check the metrics for values that are not finite"});
    }
    report = {.rows_checked = parity.rows,
              .largest_difference = parity.largest_difference,
              .sha256 = digest_of_file(temporary)};
  });
  return report;
}

}  // namespace esmm::exporting
