#include "esmm/predict/exported_file.h"

#include "esmm/core/error.h"
#include "esmm/predict/sha256.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <exception>
#include <filesystem>

namespace esmm::predict {
namespace {

using Json = nlohmann::json;

namespace fs = std::filesystem;

// The folder of a run, where a path is one or is what a run keeps of its model; else "".
fs::path run_of(const fs::path& path) {
  if (fs::is_directory(path / "checkpoints")) return path;
  const fs::path folder = path.parent_path();
  return folder.filename() == "checkpoints" ? folder.parent_path() : fs::path();
}

Error not_a_model(const fs::path& file, const std::string& got) {
  const fs::path run = run_of(file);
  return Error({.what = "is no exported model",
                .where = file.string(),
                .expected = "a file written by esmm export",
                .got = got,
                .hint = run.empty() ? "check the path, or export the run again"
                                    : fmt::format("write one: esmm export {} --out model.pt", run.string())});
}

torch::jit::Module load(const std::filesystem::path& file, torch::jit::ExtraFilesMap& extras) {
  if (fs::is_directory(file))
    throw not_a_model(file, run_of(file).empty() ? "a folder" : "the folder of a run");
  if (!fs::is_regular_file(file)) {
    throw Error({.what = "cannot be read",
                 .where = file.string(),
                 .got = fs::exists(file) ? "something that is not a file" : "no such file",
                 .hint = "check the path"});
  }
  try {
    return torch::jit::load(file.string(), torch::kCPU, extras);
  } catch (const c10::Error&) {
    throw not_a_model(file, "a damaged file or one of another kind");
  } catch (const std::exception&) {  // of the parser
    throw not_a_model(file, "TorchScript that this LibTorch does not know");
  }
}

void require_known_format(const std::filesystem::path& file, const Json& metadata) {
  const int64_t format = metadata.value("format", int64_t{0});
  if (format >= 1 && format <= kFormatVersion) return;
  throw Error({.what = "is of a format that this version does not read",
               .where = file.string(),
               .expected = fmt::format("format 1 to {}", kFormatVersion),
               .got = fmt::format("format {}", format),
               .hint = format > kFormatVersion ? "read it with a newer esmm, or export it with this one"
                                               : "export the run again"});
}

void require_undamaged(const std::filesystem::path& file, const Json& metadata,
                       const torch::jit::Module& module, const torch::jit::ExtraFilesMap& extras) {
  const std::string expected = metadata.value("sha256", "none"), got = digest_of(module, extras);
  if (expected == got) return;
  throw Error({.what = "was changed after the export: it does not fit its SHA-256",
               .where = file.string(),
               .expected = expected,
               .got = got,
               .hint = "copy or export it again"});
}

}  // namespace

ExportedFile read_exported_file(const std::filesystem::path& file) {
  torch::jit::ExtraFilesMap extras{
      {kSchemaFile, ""}, {kConfigFile, ""}, {kEvaluationFile, ""}, {kMetadataFile, ""}};
  ExportedFile exported{.module = load(file, extras), .schema = {}, .extras = {extras.begin(), extras.end()}};
  const Json metadata = Json::parse(extras[kMetadataFile], nullptr, /*allow_exceptions=*/false);
  if (!metadata.is_object() || extras[kSchemaFile].empty())
    throw not_a_model(file, "another TorchScript file");
  try {
    require_known_format(file, metadata);
    require_undamaged(file, metadata, exported.module, extras);
  } catch (const Json::exception&) {
    throw not_a_model(file, "metadata of other types");
  }
  exported.schema = schema_from_json(extras[kSchemaFile]);
  return exported;
}

std::string digest_of(const torch::jit::Module& module, const torch::jit::ExtraFilesMap& extras) {
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& named : module.named_parameters()) tensors.emplace(named.name, named.value);
  for (const auto& named : module.named_buffers()) tensors.emplace(named.name, named.value);
  Sha256 digest;
  const auto add = [&digest](const std::string& text) { digest.update(text.data(), text.size()); };
  for (const char* name : {kSchemaFile, kConfigFile}) {
    const std::string& text = extras.at(name);
    add(fmt::format("{} [{}]\n", name, text.size()));
    add(text);
  }
  for (const auto& [name, tensor] : tensors) {
    const torch::Tensor bytes = tensor.contiguous();
    add(fmt::format("{} {} [{}]\n", name, c10::toString(tensor.scalar_type()),
                    fmt::join(tensor.sizes().vec(), ", ")));
    digest.update(bytes.const_data_ptr(), bytes.nbytes());
  }
  return digest.finish();
}

}  // namespace esmm::predict
