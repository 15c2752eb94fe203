#include <ATen/Parallel.h>

#include <utility>

#include "esmm/train/compare_configs.h"
#include "esmm/train/trainer.h"
#include "esmm/train/training.h"

namespace esmm::train {
namespace {

// The config with the section data that the data set was made with: the run and the exported model read new
// logs as the data set's were read.
Config with_data_of(const data::Dataset& dataset, Config config) {
  const std::filesystem::path folder = config.data.path;
  Config made_with = parse_config(dataset.info().config, (folder / "dataset.json").string(), folder);
  require_same_data(made_with, config);
  config.data = std::move(made_with.data);
  config.data.path = folder;
  return config;
}

}  // namespace

TrainReport train(const Config& config, const TrainOptions& options) {
  if (config.train.threads > 0) at::set_num_threads(static_cast<int>(config.train.threads));
  const data::Dataset dataset(config.data.path);
  const Config trained = with_data_of(dataset, config);
  const Vocabulary vocabulary = dataset.vocabulary();
  const TrainingData data{.train = dataset.split("train"),
                          .validation = dataset.has("validation") ? &dataset.split("validation") : nullptr,
                          .schema = dataset.info().schema,
                          .vocabulary = {vocabulary.keys().begin(), vocabulary.keys().end()},
                          .table_rows = dataset.info().table_rows};
  return Training(trained, data, options).run();
}

}  // namespace esmm::train
