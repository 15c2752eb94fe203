#include "esmm/train/threads.h"

#include <ATen/Parallel.h>
#include <catch2/catch.hpp>

#include "tests/support/torch_threads.h"

namespace esmm::train {
namespace {

TEST_CASE("the threads of an operation are those that are wanted, or what LibTorch takes within the quota") {
  CHECK(operation_threads(0, 64, 2) == 2);
  CHECK(operation_threads(0, 2, 64) == 2);
  CHECK(operation_threads(0, 64, std::nullopt) == 64);
  CHECK(operation_threads(5, 64, 2) == 5);
}

TEST_CASE("a run without threads of its own takes those of the program's start") {
  const test::TorchThreads kept(at::get_num_threads());  // set back at the end
  TrainConfig config;
  use_threads(config);
  const int by_default = at::get_num_threads();
  config.threads = by_default + 2;
  use_threads(config);
  CHECK(at::get_num_threads() == by_default + 2);
  config.threads = 0;  // another run of the same program
  use_threads(config);
  CHECK(at::get_num_threads() == by_default);
}

TEST_CASE("an operation's threads load on a CPU, one in eight beside a GPU, where the config does not say") {
  const test::TorchThreads kept(at::get_num_threads());  // set back at the end
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
