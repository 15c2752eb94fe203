#include "esmm/train/learner.h"

#include <catch2/catch.hpp>

#include <numeric>

#include "esmm/train/batches/gather.h"
#include "tests/ops/cuda/gpu.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

namespace esmm::train {
namespace {

TensorBatch batch_of(const data::Split& split, int64_t size) {
  std::vector<int64_t> places;
  for (int64_t i = 0; i < size; ++i) places.push_back(i);
  Batch batch;
  split.gather(places, batch);
  return to_tensors(batch, std::vector<Pooling>(3, Pooling::mean));
}

Learner learner_for(const Config& config) {
  return Learner(make_method(config.model, {.table_rows = test::kTableRows, .schema = test::memory_schema()},
                             config.train.seed),
                 config.train);
}

TEST_CASE("a tiny set is learnt by heart, by two methods and both table optimisers") {
  const test::MemorySplit split(24, 5);
  const TensorBatch batch = batch_of(split, 24);
  Config config = test::small_config("");
  config.model.layers = {32, 16};
  config.train.towers.learning_rate = 0.01;
  for (const char* method : {"esmm", "base"}) {
    for (const auto& [optimizer, rate] :
         {std::pair(TableOptimizer::adam, 0.02), std::pair(TableOptimizer::rowwise_adagrad, 0.1)}) {
      config.model.method = method;
      config.train.table.name = optimizer;
      config.train.table.learning_rate = rate;
      Learner learner = learner_for(config);
      double first = 0, last = 0;
      for (int64_t step = 0; step < 400; ++step) {
        last = 0;
        for (const auto& [name, term] : learner.step(batch, step, 1.0)) last += term.item<double>();
        if (step == 0) first = last;
      }
      INFO(method);
      CHECK(first > 0.5);
      CHECK(last < 0.01);
    }
  }
}

TEST_CASE("running statistics of batch normalisation are learnt and kept") {
  const test::MemorySplit split(24, 5);
  Config config = test::small_config("");
  config.model.batch_norm = true;
  Learner learner = learner_for(config);
  const std::string name = "buffer.ctr_tower.norm_0.mean";
  REQUIRE(learner.tensors().contains("model." + name));
  learner.step(batch_of(split, 24), 0, 1.0);
  CHECK(model_tensors(learner.model()).at(name).abs().max().item<float>() > 0);
}

TEST_CASE("dropout draws anew in each step, and the same again in the same step") {
  const test::MemorySplit split(24, 5);
  const TensorBatch batch = batch_of(split, 24);
  Config config = test::small_config("");
  config.model.dropout = 0.5;
  config.train.towers.learning_rate = 0;
  config.train.table.learning_rate = 0;  // so that only dropout tells steps apart
  Learner learner = learner_for(config);
  const auto loss = [&](int64_t step) { return learner.step(batch, step, 1.0).front().second.item<float>(); };
  const float at_0 = loss(0), at_1 = loss(1);
  CHECK(at_0 != at_1);
  CHECK(loss(0) == at_0);
}

// Loss terms of a few steps on one batch, and what the model then says of it.
std::vector<double> learnt_with(const Config& config, const TensorBatch& batch) {
  Learner learner = learner_for(config);
  std::vector<double> found;
  for (int64_t step = 0; step < 5; ++step) {
    for (const auto& [name, term] : learner.step(batch, step, 1.0)) found.push_back(term.item<double>());
  }
  for (const auto& [name, tensor] : learner.tensors()) {
    INFO(name);
    CHECK(tensor.scalar_type() != torch::kBFloat16);
  }
  learner.model().eval();
  const torch::NoGradGuard no_grad;
  const torch::Tensor scores =
      learner.model().probabilities(learner.model().forward(batch)).ctcvr.to(torch::kDouble);
  found.insert(found.end(), scores.data_ptr<double>(), scores.data_ptr<double>() + scores.numel());
  return found;
}

TEST_CASE("bfloat16 towers learn nearly what float ones do, and what they have learnt is float") {
  const test::MemorySplit split(24, 5);
  std::vector<int64_t> impressions(24);
  std::iota(impressions.begin(), impressions.end(), 0);
  Config config = test::small_config("");
  config.train.towers.learning_rate = 0.01;
  for (const char* method : {"esmm", "base"}) {
    for (const bool wide : {false, true}) {
      for (const bool users_apart : {false, true}) {
        INFO(method << ", wide " << wide << ", users apart " << users_apart);
        const TensorBatch batch = Gather(split, users_apart)(impressions);
        config.model.method = method;
        config.model.wide = wide;
        config.train.precision = Precision::fp32;
        const std::vector<double> expected = learnt_with(config, batch);
        config.train.precision = Precision::bf16;
        const std::vector<double> found = learnt_with(config, batch);
        REQUIRE(found.size() == expected.size());
        CHECK(found != expected);
        for (size_t k = 0; k < found.size(); ++k) CHECK(found[k] == Approx(expected[k]).epsilon(0.02));
      }
    }
  }
}

TEST_CASE("the schedule's factor scales the steps of towers and table") {
  const test::MemorySplit split(24, 5);
  const TensorBatch batch = batch_of(split, 24);
  const Config config = test::small_config("");
  Learner learner = learner_for(config);
  NamedTensors before;
  for (const auto& [name, tensor] : model_tensors(learner.model())) before[name] = tensor.detach().clone();
  learner.step(batch, 0, 0.0);
  CHECK(test::same_tensors(before, model_tensors(learner.model())));
  learner.step(batch, 1, 1.0);
  CHECK_FALSE(test::same_tensors(before, model_tensors(learner.model()), "table."));
  CHECK_FALSE(test::same_tensors(before, model_tensors(learner.model()), "tower."));
}

// Losses of 12 steps on different batches, the last one smaller.
std::vector<double> losses_on(const torch::Device& device, const Config& config) {
  const auto model =
      make_method(config.model, {.table_rows = test::kTableRows, .schema = test::memory_schema()}, 1);
  model->to(device);
  Learner learner(model, config.train);
  std::vector<double> losses;
  for (int64_t step = 0; step < 12; ++step) {
    const test::MemorySplit split(24, static_cast<uint64_t>(step));
    TensorBatch batch = batch_of(split, step < 11 ? 24 : 7);
    batch.check(test::kTableRows);
    for (const auto& [name, term] : learner.step(batch.to(device), step, 1.0))
      losses.push_back(term.item<double>());
  }
  return losses;
}

TEST_CASE("on a GPU, a step launched as a graph gives what it gives kernel by kernel, bit for bit", "[gpu]") {
  if (!test::has_gpu()) return;
  Config config = test::small_config("");
  config.model.dropout = 0.3;
  for (const char* method : {"esmm", "base", "escm2_ips", "dcmt"}) {
    for (const TableOptimizer optimizer : {TableOptimizer::adam, TableOptimizer::rowwise_adagrad}) {
      INFO(method);
      config.model.method = method;
      config.train.table.name = optimizer;
      config.train.cuda_graph = true;
      const std::vector<double> captured = losses_on({torch::kCUDA, 0}, config);
      config.train.cuda_graph = false;
      CHECK(losses_on({torch::kCUDA, 0}, config) == captured);
    }
  }
}

TEST_CASE("on a GPU, losses are the CPU's", "[gpu]") {
  if (!test::has_gpu()) return;
  const Config config = test::small_config("");
  const std::vector<double> on_cpu = losses_on(torch::kCPU, config),
                            on_gpu = losses_on({torch::kCUDA, 0}, config);
  REQUIRE(on_cpu.size() == on_gpu.size());
  for (size_t k = 0; k < on_cpu.size(); ++k) CHECK(on_gpu[k] == Approx(on_cpu[k]).epsilon(1e-4));
}

}  // namespace
}  // namespace esmm::train
