#include <ATen/Parallel.h>

#include "esmm/train/trainer.h"
#include "esmm/train/training.h"
#include "esmm/train/training_data.h"

namespace esmm::train {
TrainReport train(const Config& config, const TrainOptions& options) {
  if (config.train.threads > 0) at::set_num_threads(static_cast<int>(config.train.threads));
  const data::Dataset dataset(config.data.path);
  const Config trained = with_data_of(dataset, config);
  const TrainingData data = training_data(dataset);
  return Training(trained, data, options).run();
}

}  // namespace esmm::train
