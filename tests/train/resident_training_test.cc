#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "tests/ops/cuda/gpu.h"
#include "tests/support/temporary_folder.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

// Where its impressions are kept changes nothing that a run learns.
namespace esmm::train {
namespace {

Config config_of(const std::filesystem::path& run, Placement placement, int64_t impressions_per_user) {
  Config config = test::small_config(run);
  config.data.placement = placement;
  config.model.dropout = 0.3;
  config.train.shuffle_window = 20;  // an epoch is of several
  config.train.impressions_per_user = impressions_per_user;
  return config;
}

std::vector<nlohmann::json> losses_of(const std::filesystem::path& run) {
  std::vector<nlohmann::json> losses;
  for (const auto& line : test::metrics_of(run, "train")) losses.push_back(line.at("loss"));
  return losses;
}

void check_same_end(const std::filesystem::path& a, const std::filesystem::path& b) {
  CHECK(losses_of(a) == losses_of(b));
  CHECK_FALSE(losses_of(a).empty());
  CHECK(test::same_tensors(test::newest_checkpoint(a).tensors, test::newest_checkpoint(b).tensors));
}

TEST_CASE("a run with its impressions on the device is the one that reads them from files, bit for bit") {
  const test::MemoryData data;
  const TrainingData training = data.with_validation();
  for (const int64_t per_user : {0, 4}) {
    for (const int64_t loader_threads : {0, 2}) {
      INFO(per_user << " of a user, " << loader_threads << " threads");
      const test::TemporaryFolder folder;
      for (const Placement placement : {Placement::host, Placement::device}) {
        Config config =
            config_of(folder / (placement == Placement::host ? "host" : "device"), placement, per_user);
        config.train.loader_threads = loader_threads;
        test::train_on(config, training);
      }
      check_same_end(folder / "host", folder / "device");
    }
  }
}

TEST_CASE("a resumed run may keep its impressions elsewhere, and ends the same") {
  const test::MemoryData data;
  const TrainingData training = data.without_validation();
  const test::TemporaryFolder folder;
  test::train_on(config_of(folder / "whole", Placement::host, 4), training);
  for (const int64_t step : {1, 5, 8}) {
    INFO("interrupted at step " << step);
    const auto run = folder / ("step" + std::to_string(step));
    CHECK_THROWS_AS(test::train_until(config_of(run, Placement::host, 4), training, step), Interrupted);
    test::train_on(config_of(run, Placement::device, 4), training, /*resume=*/true);
    check_same_end(folder / "whole", run);
  }
}

TEST_CASE("a run on the device reads the bags once, before its first step") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  test::train_on(config_of(folder / "run", Placement::device, 0), data.without_validation());
  CHECK(data.train.gathers == 2);  // to count, and to load
}

TEST_CASE("on a GPU, a run with its impressions there is the one that is fed from the host, bit for bit",
          "[gpu]") {
  if (!test::has_gpu()) return;
  const test::MemoryData data;
  for (const auto& [graph, per_user] : {std::pair(false, 0), {true, 0}, {false, 4}, {true, 4}}) {
    const test::TemporaryFolder folder;
    for (const Placement placement : {Placement::host, Placement::device}) {
      Config config =
          config_of(folder / (placement == Placement::host ? "host" : "device"), placement, per_user);
      config.train.device = "cuda:0";
      config.train.cuda_graph = graph;
      config.train.epochs = 10;
      test::train_on(config, data.without_validation());
    }
    check_same_end(folder / "host", folder / "device");
  }
}

}  // namespace
}  // namespace esmm::train
