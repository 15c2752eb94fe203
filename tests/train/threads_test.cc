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

TEST_CASE("one thread in eight loads, and at least one, where the config does not say") {
  const KeptThreads kept;
  TrainConfig config;
  at::set_num_threads(2);
  CHECK(loader_threads(config) == 1);
  at::set_num_threads(17);
  CHECK(loader_threads(config) == 2);
  config.loader_threads = 5;
  CHECK(loader_threads(config) == 5);
  CHECK_THAT(threads_in_words(config),
             Catch::StartsWith("17 for an operation (") && Catch::EndsWith("5 to load"));
}

}  // namespace
}  // namespace esmm::train
