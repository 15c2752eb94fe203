#pragma once

#include <cstdint>
#include <string>

#include "esmm/config/train_config.h"

namespace esmm::train {

// Sets the threads of one operation (OpenMP's, with which oneDNN works, and MKL's): train.threads, or where
// that is 0 what LibTorch takes (a core each, or OMP_NUM_THREADS) but no more than the control group's quota.
void use_threads(const TrainConfig& config);

// How many threads gather batches: train.loader_threads, or where that is 0 one per eight threads of an
// operation and at least one. A thread gathers many times faster than a core trains.
int64_t loader_threads(const TrainConfig& config);

// Lets the calling thread run only where no core has better to do (Linux; elsewhere nothing changes). The
// threads of an operation wait for the slowest of them, so a loader that took turns with one of them would
// cost them all.
void work_in_the_gaps();

// All of it in words, for the log.
std::string threads_in_words(const TrainConfig& config);

}  // namespace esmm::train
