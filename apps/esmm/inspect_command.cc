#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <utility>

#include "apps/esmm/commands.h"
#include "apps/esmm/run_digest.h"
#include "esmm/config/config.h"
#include "esmm/config/source_format.h"
#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/dataset.h"
#include "esmm/predict/predictor.h"

namespace esmm::apps {
namespace {

namespace fs = std::filesystem;

const char* name_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::categorical:
      return "categorical";
    case FieldKind::multi:
      return "multi";
    case FieldKind::numeric:
      return "numeric";
    case FieldKind::crossed:
      return "crossed";
  }
  throw InternalError("unknown field kind");
}

const char* name_of(Side side) {
  switch (side) {
    case Side::user:
      return "user";
    case Side::item:
      return "item";
    case Side::context:
      return "context";
  }
  throw InternalError("unknown side");
}

void print_schema(const Schema& schema) {
  fmt::print("{:<24} {:<12} {:<8} {}\n", "field", "kind", "side", "rows of");
  for (const Field& field : schema.fields) {
    fmt::print("{:<24} {:<12} {:<8} {}\n", field.name, name_of(field.kind), name_of(field.side),
               field.shares.empty() ? field.name : field.shares);
  }
}

void print_weights(const std::string& config, const fs::path& of) {
  fmt::print("weights: {}\n", weights_text(parse_config(config, of.string(), fs::current_path()).data));
}

void inspect_dataset(const fs::path& folder) {
  const data::Dataset dataset(folder);
  fmt::print("data set {}\n", folder.string());
  for (const auto& [split, counts] : dataset.info().splits) {
    fmt::print("{:<10} {:>11} impressions {:>10} clicks {:>9} conversions\n", split, counts.impressions,
               counts.clicks, counts.conversions);
  }
  fmt::print("table rows {}, true probabilities {}\n", dataset.info().table_rows,
             dataset.info().has_truth ? "known" : "not known");
  print_weights(dataset.info().config, folder);
  print_schema(dataset.info().schema);
}

void inspect_run(const fs::path& folder, bool config) {
  if (config) return fmt::print("{}", read_file(folder / "config.yaml"));
  fmt::print("{}the whole config: esmm inspect {} --config\n", run_digest(folder), folder.string());
}

void inspect_model(const fs::path& file) {
  const Predictor predictor(file);
  fmt::print("model {}\n{}\n", file.string(), predictor.metadata("metadata.json"));
  print_schema(predictor.schema());
  print_weights(predictor.metadata("config.yaml"), file);
}

// By its name; says what shows what is in it.
void refuse_config_or_logs(const fs::path& file) {
  Problem problem{.what = "is no data set, run folder or exported model", .where = file.string()};
  if (file.extension() == ".yaml" || file.extension() == ".yml") {
    problem.got = "a config";
    problem.hint = fmt::format("esmm config {} prints it with every default", file.string());
  } else if (format_by_name(file)) {
    problem.got = "raw logs";
    problem.hint = "esmm prepare CONFIG makes a data set of them, whose folder can be inspected";
  }
  if (!problem.got.empty()) throw Error(std::move(problem));
}

}  // namespace

Command add_inspect(CLI::App& app, const GlobalOptions&) {
  struct Options {
    fs::path path;
    bool config = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("inspect", "Say what a data set, a run or a model holds");
  command->add_option("path", options->path, "Folder of a data set or a run, or an exported model")
      ->required();
  command->add_flag("--config", options->config, "Of a run: its whole config instead of a digest");
  return [options] {
    const fs::path& path = options->path;
    if (fs::exists(path / "dataset.json")) return inspect_dataset(path);
    if (fs::exists(path / "config.yaml")) return inspect_run(path, options->config);
    if (fs::is_regular_file(path)) {
      refuse_config_or_logs(path);
      return inspect_model(path);
    }
    throw Error({.what = "is no data set, run folder or exported model",
                 .where = path.string(),
                 .got = fs::exists(path) ? "another folder" : "no such file or folder",
                 .hint = "check the path"});
  };
}

}  // namespace esmm::apps
