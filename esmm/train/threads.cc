#include "esmm/train/threads.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "esmm/core/cpu_quota.h"

namespace esmm::train {

int64_t operation_threads(int64_t wanted, int64_t of_libtorch, std::optional<int64_t> quota) {
  return wanted > 0 ? wanted : std::min(of_libtorch, quota.value_or(of_libtorch));
}

void use_threads(const TrainConfig& config) {
  static const int64_t of_libtorch = at::get_num_threads();  // before a run sets others
  at::set_num_threads(static_cast<int>(operation_threads(config.threads, of_libtorch, cpu_quota())));
}

int64_t loader_threads(const TrainConfig& config, const c10::Device& device) {
  if (config.loader_threads > 0) return config.loader_threads;
  if (device.is_cpu()) return 0;
  return std::max<int64_t>(1, at::get_num_threads() / 8);
}

std::string threads_in_words(const TrainConfig& config, const c10::Device& device) {
  const char* const policy = std::getenv("OMP_WAIT_POLICY");
  const char* const spins = std::getenv("GOMP_SPINCOUNT");
  const std::string waiting = policy != nullptr  ? fmt::format("OMP_WAIT_POLICY={}", policy)
                              : spins != nullptr ? fmt::format("GOMP_SPINCOUNT={}", spins)
                                                 : "OpenMP's own way of waiting";
  const int64_t loading = loader_threads(config, device);
  return fmt::format("{} for an operation ({}){}", at::get_num_threads(), waiting,
                     loading == 0 ? "" : fmt::format(", {} to load", loading));
}

}  // namespace esmm::train
