#pragma once

#include <cstdint>

#include "esmm/config/train_config.h"

namespace esmm::train {

// The steps of a run: known from sizes alone, so that any step can be taken up again.
struct Plan {
  int64_t samples_per_epoch = 0;
  int64_t batch_size = 0;
  int64_t steps_per_epoch = 0;  // the last batch of an epoch may be smaller
  int64_t total_steps = 0;

  // Throws Error where there is nothing to train on.
  Plan(const TrainConfig& config, int64_t samples);

  // Impressions trained on after `steps` steps, repeats counted.
  int64_t samples_after(int64_t steps) const;
  // From 1: the epoch of the last one of `steps` steps.
  int64_t epoch_of(int64_t steps) const { return steps == 0 ? 1 : (steps - 1) / steps_per_epoch + 1; }
  // Whether something is due after `steps` steps that comes every `every` steps (0: after each epoch), and at
  // the end.
  bool due(int64_t steps, int64_t every) const {
    return steps == total_steps || steps % (every > 0 ? every : steps_per_epoch) == 0;
  }
};

}  // namespace esmm::train
