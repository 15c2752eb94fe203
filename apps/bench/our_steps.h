#pragma once

#include <vector>

#include "apps/bench/train_case.h"
#include "esmm/config/train_config.h"

namespace esmm::bench {

// A step of train::Learner on these batches of the case: forward, losses, backward, towers' and table's
// optimisers. The case outlives the step.
Step full_step(const TrainCase& of, const std::vector<TensorBatch>& batches, const TrainConfig& config);

// The towers, losses and towers' optimiser of such a step, on a fixed input that wants a gradient. On a GPU
// it is launched as a CUDA graph like the step itself, and so is the next.
Step towers_step(const TrainCase& of, const TrainConfig& config);

// Only the matrix products of such a step, by ops::product: of each hidden layer y = x w', dx = dy w, dw =
// dy' x.
Step products_step(const TrainCase& of, const TrainConfig& config);

}  // namespace esmm::bench
