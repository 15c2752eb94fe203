#include "esmm/train/plan.h"

#include <algorithm>

#include "esmm/core/error.h"

namespace esmm::train {

Plan::Plan(const TrainConfig& config, int64_t samples)
    : samples_per_epoch(samples),
      batch_size(config.batch_size),
      steps_per_epoch((samples + batch_size - 1) / batch_size) {
  if (samples == 0) {
    throw Error({.what = "no training impressions",
                 .where = "train split",
                 .expected = "at least one impression",
                 .got = "none",
                 .hint = "check data.split and rejected.csv, then prepare the data set again"});
  }
  total_steps = config.epochs * steps_per_epoch;
  if (config.max_steps > 0) total_steps = std::min(total_steps, config.max_steps);
}

int64_t Plan::samples_after(int64_t steps) const {
  const int64_t epochs = steps / steps_per_epoch;
  const int64_t rest = steps % steps_per_epoch;
  return epochs * samples_per_epoch + std::min(rest * batch_size, samples_per_epoch);
}

}  // namespace esmm::train
