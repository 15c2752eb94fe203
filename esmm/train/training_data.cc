#include "esmm/train/training_data.h"

#include <utility>

#include "esmm/train/compare_configs.h"

namespace esmm::train {

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
  Config made_with = parse_config(dataset.info().config, (folder / "dataset.json").string(), folder);
  require_same_data(made_with, config);
  made_with.data.path = folder;
  made_with.data.placement = config.data.placement;
  config.data = std::move(made_with.data);
  return config;
}

}  // namespace esmm::train
