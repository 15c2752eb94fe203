#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <c10/core/Device.h>

#include "esmm/config/train_config.h"

namespace esmm::train {

// How many threads an operation has: `wanted`, or where that is 0 what LibTorch takes, but no more than the
// quota.
int64_t operation_threads(int64_t wanted, int64_t of_libtorch, std::optional<int64_t> quota);

// Sets the threads of one operation (OpenMP's, with which oneDNN works, and MKL's): train.threads, or where
// that is 0 what LibTorch had at the first call (a core each, or OMP_NUM_THREADS) but no more than the
// control group's quota.
void use_threads(const TrainConfig& config);

// How many threads of its own a loader has: train.loader_threads, or where that is 0 none on a CPU and beside
// a GPU one per eight threads of an operation, at least one. On a CPU the threads of an operation keep all
// cores busy and wait for the slowest of them, so that a thread that took turns with one of them would cost
// them all.
int64_t loader_threads(const TrainConfig& config, const c10::Device& device);

// All of it in words, for the log.
std::string threads_in_words(const TrainConfig& config, const c10::Device& device);

}  // namespace esmm::train
