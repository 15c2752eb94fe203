#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

#include "esmm/train/embedding_optimizer.h"
#include "esmm/train/gather.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

// Batches with their users apart teach what the same batches teach with all fields together.
namespace esmm::train {
namespace {

// What a method makes of a batch: logits, loss terms, gradients of the towers, and tables after a step of
// SGD.
std::vector<torch::Tensor> results(const ModelConfig& config, const TensorBatch& batch) {
  const auto model =
      make_method(config, {.table_rows = test::kTableRows, .schema = test::memory_schema()}, /*seed=*/1);
  torch::manual_seed(1);
  const Outputs outputs = model->forward(batch);
  const LossTerms terms = model->loss(outputs, batch);
  std::vector<torch::Tensor> results{outputs.ctr, outputs.cvr};
  torch::Tensor loss;
  for (const auto& [name, term] : terms) {
    results.push_back(term);
    loss = loss.defined() ? loss + term : term;
  }
  loss.backward();
  for (const auto& [name, parameter] : model->tower_parameters()) results.push_back(parameter.grad());
  TableOptimizerConfig sgd;
  sgd.name = TableOptimizer::sgd;
  for (SharedEmbedding& table : model->tables()) {
    EmbeddingOptimizer(sgd, table->table())
        .step(table->take_gradient(), {.learning_rate = 1, .t = 1, .batch_size = batch.size});
    results.push_back(table->table());
  }
  return results;
}

void check_close(const ModelConfig& config, const TensorBatch& flat, const TensorBatch& apart) {
  const std::vector<torch::Tensor> expected = results(config, flat), found = results(config, apart);
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    INFO("result " << i);
    REQUIRE(found[i].defined() == expected[i].defined());
    if (found[i].defined()) CHECK(torch::allclose(found[i], expected[i], /*rtol=*/1e-4, /*atol=*/1e-6));
  }
}

TEST_CASE("every method learns the same of users apart as of all fields together") {
  const test::MemorySplit split(60, 4);
  std::vector<int64_t> impressions(60);
  std::iota(impressions.begin(), impressions.end(), 0);
  const std::vector<int64_t> users = split.groups();
  std::stable_sort(impressions.begin(), impressions.end(),
                   [&](int64_t a, int64_t b) { return users[a] < users[b]; });
  const TensorBatch flat = Gather(split, /*users_apart=*/false)(impressions);
  const TensorBatch apart = Gather(split, /*users_apart=*/true)(impressions);
  REQUIRE(apart.users->of[-1].item<int64_t>() < 20);
  for (const std::string& name : method_names()) {
    INFO(name);
    ModelConfig config = test::small_config("").model;
    config.method = name;
    config.table_std = 0.5;
    check_close(config, flat, apart);
    config.wide = true;
    config.batch_norm = true;
    check_close(config, flat, apart);
  }
}

TEST_CASE("a run with users apart ends, and is resumed, bit for bit the same") {
  const test::TemporaryFolder folder;
  const test::MemoryData data;
  const auto config_of = [&](const std::string& run) {
    Config config = test::small_config(folder / run);
    config.train.impressions_per_user = 4;
    return config;
  };
  test::train_on(config_of("whole"), data.without_validation());
  CHECK_THROWS_AS(test::train_until(config_of("parts"), data.without_validation(), 7), Interrupted);
  test::train_on(config_of("parts"), data.without_validation(), /*resume=*/true);
  CHECK(test::same_tensors(test::newest_checkpoint(folder / "whole").tensors,
                           test::newest_checkpoint(folder / "parts").tensors));
}

}  // namespace
}  // namespace esmm::train
