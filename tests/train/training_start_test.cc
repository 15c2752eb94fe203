#include "esmm/train/training_start.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/train/memory_need.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

namespace esmm::train {
namespace {

const torch::Device kHost(torch::kCPU), kGpu("cuda:0");

// What training on MemoryData with the split resident takes of a device.
struct ResidentRun {
  test::MemoryData data;
  Config config = test::small_config("/run");
  std::shared_ptr<Method> model =
      make_method(config.model, {.table_rows = test::kTableRows, .schema = test::memory_schema()}, 1);
  std::optional<ResidentSplit> split{std::in_place, data.train, /*users_apart=*/false};

  int64_t model_bytes(const torch::Device& device) const {
    return memory_need(*model, config, device).bytes();
  }
  int64_t all_bytes(const torch::Device& device) const {
    const SplitNeed need{
        .impressions = split->size(), .bytes = split->bytes(), .batch_size = config.train.batch_size};
    return model_bytes(device) + need.bytes + need.of_batches();
  }
  void require(int64_t free_bytes, const torch::Device& device) const {
    require_all_fits(*model, config, split, free_bytes, device);
  }
};

TEST_CASE("a split that is to be kept in memory is refused where it and the model do not fit") {
  const ResidentRun run;
  for (const torch::Device& device : {kHost, kGpu}) {
    CHECK_NOTHROW(run.require(run.all_bytes(device), device));
    CHECK_THROWS_WITH(run.require(run.all_bytes(device) - 1, device),
                      Catch::Contains("the training split does not fit the device's memory") &&
                          Catch::Contains("set data.placement to host"));
  }
}

TEST_CASE("a model that does not fit is refused on a GPU, and on a CPU only with a split beside it") {
  ResidentRun run;
  const auto too_few = [&](const torch::Device& device) { return run.model_bytes(device) - 1; };
  CHECK_THROWS_WITH(run.require(too_few(kGpu), kGpu),
                    Catch::Contains("cuda:0: the model does not fit the device's memory"));
  CHECK_THROWS_WITH(run.require(too_few(kHost), kHost),
                    Catch::Contains("cpu: the training split does not fit the device's memory") &&
                        Catch::Contains("set data.placement to host"));
  run.split.reset();
  CHECK_THROWS_WITH(run.require(too_few(kGpu), kGpu), Catch::Contains("the model does not fit"));
  CHECK_NOTHROW(run.require(too_few(kHost), kHost));
}

}  // namespace
}  // namespace esmm::train
