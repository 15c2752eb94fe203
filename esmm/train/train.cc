#include "esmm/train/threads.h"
#include "esmm/train/trainer.h"
#include "esmm/train/training.h"
#include "esmm/train/training_data.h"

namespace esmm::train {
TrainReport train(const Config& config, const TrainOptions& options) {
  use_threads(config.train);
  const data::Dataset dataset(config.data.path);
  const Config trained = with_data_of(dataset, config);
  const TrainingData data = training_data(dataset);
  return Training(trained, data, options).run();
}

}  // namespace esmm::train
