#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <numeric>
#include <vector>

#include "esmm/train/batches/gather.h"
#include "esmm/train/learner.h"
#include "tests/ops/cuda/gpu.h"
#include "tests/ops/without_room.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

// Steps on batches with their users apart, whose number differs from batch to batch: as they are, as a
// captured graph runs them, and on a GPU.
namespace esmm::train {
namespace {

// 10 batches of 24 impressions with the users of each together, their number differing, and a smaller one.
std::vector<TensorBatch> batches_by_user() {
  std::vector<TensorBatch> batches;
  for (uint64_t k = 0; k < 11; ++k) {
    const int64_t size = k < 10 ? 24 : 7;
    const test::MemorySplit split(size, k);
    std::vector<int64_t> impressions(static_cast<size_t>(size));
    std::iota(impressions.begin(), impressions.end(), 0);
    const std::vector<int64_t> users = split.groups();
    std::stable_sort(impressions.begin(), impressions.end(),
                     [&](int64_t a, int64_t b) { return users[a] < users[b]; });
    batches.push_back(Gather(split, /*users_apart=*/true)(impressions));
    batches.back().check(test::kTableRows);
  }
  return batches;
}

// What a run on these batches leaves: its losses, and all that it has learnt.
struct Left {
  std::vector<double> losses;
  NamedTensors tensors;
};

using StepOf = std::function<LossTerms(Learner& learner, const TensorBatch& batch, int64_t step)>;

Left left_by(const Config& config, const torch::Device& device, const StepOf& step) {
  const auto model =
      make_method(config.model, {.table_rows = test::kTableRows, .schema = test::memory_schema()}, 1);
  model->to(device);
  Learner learner(model, config.train);
  Left left;
  int64_t number = 0;
  for (const TensorBatch& batch : batches_by_user()) {
    for (const auto& [name, term] : step(learner, batch.to(device), number))
      left.losses.push_back(term.item<double>());
    ++number;
  }
  for (const auto& [name, tensor] : learner.tensors())
    left.tensors[name] = tensor.detach().to(torch::kCPU, false, /*copy=*/true);
  return left;
}

LossTerms step_of(Learner& learner, const TensorBatch& batch, int64_t number) {
  return learner.step(batch, number, 1.0);
}

void check_close(const Left& got, const Left& expected) {
  REQUIRE(got.losses.size() == expected.losses.size());
  for (size_t k = 0; k < got.losses.size(); ++k)
    CHECK(got.losses[k] == Approx(expected.losses[k]).epsilon(1e-4));
  for (const auto& [name, tensor] : expected.tensors) {
    INFO(name);
    CHECK(torch::allclose(got.tensors.at(name), tensor, /*rtol=*/1e-3, /*atol=*/1e-4));
  }
}

// In place of a GPU's graph: what was recorded runs again.
struct Recorded : ops::Graph {
  explicit Recorded(std::function<void()> what) : body(std::move(what)) {}
  void replay() override { body(); }
  std::function<void()> body;
};

constexpr TableOptimizer kOptimizers[] = {TableOptimizer::adam, TableOptimizer::lazy_adam,
                                          TableOptimizer::rowwise_adagrad, TableOptimizer::adagrad};

Config config_of(TableOptimizer optimizer) {
  Config config = test::small_config("");
  config.model.wide = true;
  config.train.table.name = optimizer;
  config.train.table.l2 = 0.1;
  return config;
}

TEST_CASE("a captured batch's room for more users leaves losses, towers and tables as they are") {
  for (const auto optimizer : kOptimizers) {
    INFO("optimiser " << static_cast<int>(optimizer));
    int64_t roomy = 0, number = 0;
    Learner* learner = nullptr;
    GraphSteps steps(
        [&](const TensorBatch& input) {
          roomy += input.users->bags.offsets.numel() - 1 > input.users->of[-1].item<int64_t>() + 1;
          TensorBatch batch = input;
          batch.bags = test::without_room(batch.bags);
          batch.users->bags = test::without_room(batch.users->bags);
          return learner->step(batch, number, 1.0);
        },
        [](const std::function<void()>& body) { return std::make_unique<Recorded>(body); });
    const Left got =
        left_by(config_of(optimizer), torch::kCPU, [&](Learner& of, const TensorBatch& batch, int64_t step) {
          learner = &of;
          number = step;
          return steps(batch);
        });
    CHECK(roomy > 3);
    check_close(got, left_by(config_of(optimizer), torch::kCPU, step_of));
  }
}

TEST_CASE("on a GPU, users apart teach what they teach on the CPU, launched as a graph or kernel by kernel",
          "[gpu]") {
  if (!test::has_gpu()) return;
  const torch::Device gpu(torch::kCUDA, 0);
  for (const auto optimizer : kOptimizers) {
    INFO("optimiser " << static_cast<int>(optimizer));
    Config config = config_of(optimizer);
    const Left expected = left_by(config, torch::kCPU, step_of);
    for (const bool graph : {false, true}) {
      config.train.cuda_graph = graph;
      const Left got = left_by(config, gpu, step_of), again = left_by(config, gpu, step_of);
      check_close(got, expected);
      CHECK(again.losses == got.losses);
      CHECK(test::same_tensors(again.tensors, got.tensors));
    }
  }
}

}  // namespace
}  // namespace esmm::train
