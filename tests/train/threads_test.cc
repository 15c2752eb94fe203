#include "esmm/train/threads.h"

#include <ATen/Parallel.h>
#include <catch2/catch.hpp>

namespace esmm::train {
namespace {

// Gives back LibTorch's threads.
struct KeptThreads {
  int before = at::get_num_threads();
  ~KeptThreads() { at::set_num_threads(before); }
};

TEST_CASE("the threads of an operation are those of the config, or what LibTorch takes within the quota") {
  const KeptThreads kept;
  TrainConfig config;
  config.threads = 3;
  use_threads(config);
  CHECK(at::get_num_threads() == 3);
  config.threads = 0;
  use_threads(config);
  CHECK(at::get_num_threads() <= 3);
  CHECK(at::get_num_threads() >= 1);
}

TEST_CASE("an operation's threads load on a CPU, one in eight beside a GPU, where the config does not say") {
  const KeptThreads kept;
  TrainConfig config;
  const c10::Device cpu(c10::kCPU), gpu(c10::kCUDA, 0);
  at::set_num_threads(2);
  CHECK(loader_threads(config, gpu) == 1);
  at::set_num_threads(17);
  CHECK(loader_threads(config, gpu) == 2);
  CHECK(loader_threads(config, cpu) == 0);
  CHECK_THAT(threads_in_words(config, cpu),
             Catch::StartsWith("17 for an operation (") && Catch::EndsWith(")"));
  config.loader_threads = 5;
  CHECK(loader_threads(config, cpu) == 5);
  CHECK_THAT(threads_in_words(config, gpu), Catch::EndsWith("), 5 to load"));
}

}  // namespace
}  // namespace esmm::train
