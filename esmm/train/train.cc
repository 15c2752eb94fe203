#include <ATen/Parallel.h>

#include "esmm/train/trainer.h"
#include "esmm/train/training.h"

namespace esmm::train {

TrainReport train(const Config& config, const TrainOptions& options) {
  if (config.train.threads > 0) at::set_num_threads(static_cast<int>(config.train.threads));
  const data::Dataset dataset(config.data.path);
  const Vocabulary vocabulary = dataset.vocabulary();
  const TrainingData data{.train = dataset.split("train"),
                          .validation = dataset.has("validation") ? &dataset.split("validation") : nullptr,
                          .schema = dataset.info().schema,
                          .vocabulary = {vocabulary.keys().begin(), vocabulary.keys().end()},
                          .table_rows = dataset.info().table_rows};
  return Training(config, data, options).run();
}

}  // namespace esmm::train
