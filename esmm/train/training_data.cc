#include "esmm/train/training_data.h"

#include <fmt/format.h>

#include <utility>

#include "esmm/core/error.h"
#include "esmm/train/compare_configs.h"
#include "esmm/train/files/run_folder.h"

namespace esmm::train {
namespace {

std::string names_of(const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Field& field : fields) names.push_back(field.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

// Keys of new logs are made with the schema's names: they have to be those that the data set's were made
// with.
void require_same_fields(const Schema& schema, const Config& made_with, const std::filesystem::path& file) {
  const std::string names = names_of(schema.fields), expected = names_of(made_with.data.fields);
  if (names == expected) return;
  throw Error({.what = "schema: its fields are not those of the config beside it",
               .where = file.string(),
               .expected = expected,
               .got = names,
               .hint = "prepare the data set again"});
}

}  // namespace

TrainingData training_data(const data::Dataset& dataset) {
  const Vocabulary vocabulary = dataset.vocabulary();
  return {.train = dataset.split("train"),
          .validation = dataset.has("validation") ? &dataset.split("validation") : nullptr,
          .schema = dataset.info().schema,
          .vocabulary = {vocabulary.keys().begin(), vocabulary.keys().end()},
          .table_rows = dataset.info().table_rows,
          .fingerprint = dataset.info().digest};
}

Config with_data_of(const data::Dataset& dataset, Config config) {
  const std::filesystem::path folder = config.data.path;
  const std::filesystem::path file = folder / "dataset.json";
  Config made_with = parse_config(dataset.info().config, file.string(), folder);
  require_same_fields(dataset.info().schema, made_with, file);
  require_same_data(made_with, config);
  made_with.data.path = folder;
  made_with.data.placement = config.data.placement;
  config.data = std::move(made_with.data);
  return config;
}

void require_same_dataset(const Config& config, const std::string& trained_on, const std::string& now) {
  if (trained_on == now) return;
  Problem problem{.what = "the data set is not the one that " + config.train.run.string() + " was trained on",
                  .where = config.data.path.string()};
  const std::filesystem::path before = load_config(RunFolder(config.train.run).config()).data.path;
  std::error_code unknown;
  if (before == config.data.path || std::filesystem::equivalent(before, config.data.path, unknown)) {
    problem.got = "one that was prepared again since, with other impressions or in another order";
    problem.hint = "prepare it as before, ";
  } else {
    problem.expected = before.string();
    problem.hint = "set data.path back, ";
  }
  problem.hint += "or start anew in another folder (train --run, compare and tune --out)";
  throw Error(std::move(problem));
}

}  // namespace esmm::train
