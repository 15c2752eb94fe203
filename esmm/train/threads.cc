#include "esmm/train/threads.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace esmm::train {

int64_t loader_threads(const TrainConfig& config) {
  if (config.loader_threads > 0) return config.loader_threads;
  return std::max<int64_t>(1, at::get_num_threads() / 8);
}

}  // namespace esmm::train
