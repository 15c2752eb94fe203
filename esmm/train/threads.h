#pragma once

#include <cstdint>

#include "esmm/config/train_config.h"

namespace esmm::train {

// How many threads gather batches: train.loader_threads, or where that is 0 one per eight intra-op threads
// and at least one. A thread gathers many times faster than a core trains.
int64_t loader_threads(const TrainConfig& config);

}  // namespace esmm::train
