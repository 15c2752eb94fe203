#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/esmm/commands.h"
#include "apps/esmm/print_rejected.h"
#include "esmm/config/config.h"
#include "esmm/core/error.h"
#include "esmm/core/log.h"
#include "esmm/data/prepare/key_dump.h"
#include "esmm/data/prepare/raw_scorer.h"
#include "esmm/data/prepare/unknown_fields.h"
#include "esmm/data/prepare/unmatched.h"
#include "esmm/data/scores.h"
#include "esmm/predict/predictor.h"

namespace esmm::apps {
namespace {

namespace fs = std::filesystem;

struct PredictOptions {
  fs::path model, out, dump;
  std::vector<std::string> sources;
  std::optional<double> max_rejected;  // none: what the model's config says
};

// "name=path" or a path alone (one joined table).
std::map<std::string, fs::path> source_files(const std::vector<std::string>& texts) {
  std::map<std::string, fs::path> files;
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    const std::string name = equals == std::string::npos ? "" : text.substr(0, equals);
    const fs::path path = equals == std::string::npos ? text : text.substr(equals + 1);
    if (!files.emplace(name, path).second) {
      throw ConfigError({.what = "--source is given twice",
                         .got = text,
                         .hint = "give each source once; a glob names many files"});
    }
  }
  return files;
}

void predict(const PredictOptions& options, const GlobalOptions& global) {
  const Predictor predictor(options.model, {.threads = global.threads});
  const Config config =
      parse_config(predictor.metadata("config.yaml"), options.model.string(), fs::current_path());
  data::ScoreWriter writer(options.out);
  const fs::path rejected_file = options.out.string() + ".rejected.csv";
  data::Rejected rejected(rejected_file);
  std::optional<data::KeyDump> dump;
  if (!options.dump.empty()) dump.emplace(options.dump);

  data::UnknownFields unknown(predictor.schema(), predictor.vocabulary());
  int64_t rows = 0;
  const data::ScanCounts counts = data::encode_raw(
      config.data, predictor.schema(), source_files(options.sources), rejected,
      [&](const data::KeyedChunk& chunk) {
        Prediction prediction = predictor.score(chunk.keys);
        if (dump) dump->add(chunk.keys);
        unknown.add(chunk.keys);
        data::ScoreChunk scores;
        if (chunk.has_ids) scores.add("id", chunk.ids);
        scores.add("file", std::vector<std::string>(chunk.lines.size(), chunk.file.string()));
        scores.add("line", chunk.lines);
        scores.add("pctr", std::move(prediction.p_ctr));
        scores.add("pcvr", std::move(prediction.p_cvr));
        scores.add("pctcvr", std::move(prediction.p_ctcvr));
        writer.add(scores);
        rows += chunk.rows;
      });
  rejected.close();
  const char* const mend = "write the lines as those that the model learnt from";
  data::require_few_rejected(counts.sources, options.max_rejected.value_or(config.data.max_rejected),
                             rejected_file, "--max-rejected", mend);
  if (rows == 0) data::require_some_accepted(counts.sources, rejected_file, mend);
  writer.close();
  if (dump) dump->close();
  fmt::print("scored {} impressions: {}\n", rows, options.out.string());
  print_rejected(counts.sources, rejected_file);
  if (rejected.counts().empty()) fs::remove(rejected_file);
  data::warn_of_unmatched(config.data.joins, counts.unmatched, rows, "impressions");
  for (const std::string& warning : unknown.warnings()) log::warn(warning);
}

}  // namespace

Command add_predict(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<PredictOptions>();
  CLI::App* command = app.add_subcommand("predict", "Score raw logs with an exported model");
  command->add_option("model", options->model, "The exported file")->required();
  command
      ->add_option(
          "--source", options->sources,
          "NAME=FILE (or glob) for each source of the model's config, a joined one that is not given being "
          "read where it was at the training; FILE alone is one table with a column per field, its CSV "
          "parted as the training's first source of impressions")
      ->required();
  command
      ->add_option("--out", options->out,
                   "Scores, .csv or .parquet: [id], file, line, pctr, pcvr, pctcvr per impression")
      ->required();
  command
      ->add_option("--max-rejected", options->max_rejected,
                   "Share of a source's lines; where more are rejected, no scores are written. Default: "
                   "data.max_rejected of the model's config")
      ->check(CLI::Range(0.0, 1.0));
  command->add_option("--dump-keys", options->dump,
                      "Folder for keys.i64, offsets.i64 and weights.f32 (raw, little-endian)");
  return [options, &global] { predict(*options, global); };
}

}  // namespace esmm::apps
