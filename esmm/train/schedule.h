#pragma once

#include <cstdint>

#include "esmm/config/train_config.h"

namespace esmm::train {

// Factor of the learning rates at `step` (from 0). With w = warmup_steps and n = schedule_epochs *
// steps_per_epoch (both counted from the start of the run; schedule_epochs 0: train.epochs) and p = (step -
// w) / (n - w), at most 1:
//   step < w:   (step + 1) / w
//   constant:   1
//   linear:     1 - (1 - final_factor) * p
//   cosine:     1 - (1 - final_factor) * (1 - cos(pi * p)) / 2
double learning_rate_factor(const TrainConfig& config, int64_t steps_per_epoch, int64_t step);

}  // namespace esmm::train
