#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "esmm/train/batches/gather.h"
#include "esmm/train/embedding_optimizer.h"
#include "tests/support/temporary_folder.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

// Batches with their users apart teach what the same batches teach with all fields together: the same
// gradients, and the same steps of a table whose optimiser knows which impressions are one user's
// (update_rule.h).
namespace esmm::train {
namespace {

// 60 impressions of 20 users, those of a user together; one of user 0 comes last, in a group of its own.
std::vector<int64_t> by_user(const data::Split& split) {
  std::vector<int64_t> impressions(60);
  std::iota(impressions.begin(), impressions.end(), 0);
  const std::vector<int64_t> users = split.groups();
  std::stable_sort(impressions.begin(), impressions.end(),
                   [&](int64_t a, int64_t b) { return users[a] < users[b]; });
  std::rotate(impressions.begin(), impressions.begin() + 1, impressions.end());
  return impressions;
}

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
  sgd.l2 = 0.5;
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
  const std::vector<int64_t> impressions = by_user(split);
  const TensorBatch flat = Gather(split, /*users_apart=*/false)(impressions);
  const TensorBatch apart = Gather(split, /*users_apart=*/true)(impressions);
  REQUIRE(apart.users->of[-1].item<int64_t>() == 20);
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

std::shared_ptr<Method> trained_by(const TensorBatch& batch) {
  ModelConfig config = test::small_config("").model;
  config.table_std = 0.5;
  const auto model =
      make_method(config, {.table_rows = test::kTableRows, .schema = test::memory_schema()}, /*seed=*/1);
  torch::Tensor loss = torch::zeros({});
  for (const auto& [name, term] : model->loss(model->forward(batch), batch)) loss = loss + term;
  loss.backward();
  return model;
}

// [B, ·]: the gradients of the towers' first sums, of each impression as if it were alone.
torch::Tensor first_sums(const data::Split& split, const std::vector<int64_t>& impressions) {
  std::vector<torch::Tensor> of_impressions;
  for (const int64_t i : impressions) {
    std::vector<torch::Tensor> biases;
    const auto model = trained_by(Gather(split, /*users_apart=*/false)(std::vector{i}));
    for (const auto& [name, parameter] : model->tower_parameters()) {
      if (name.ends_with("hidden_0.bias")) biases.push_back(parameter.grad());
    }
    REQUIRE(biases.size() == 2);
    of_impressions.push_back(torch::cat(biases));
  }
  return torch::stack(of_impressions);
}

TEST_CASE("a table moves by users apart as by all fields together, if it is told whose they are") {
  const test::MemorySplit split(60, 4);
  const std::vector<int64_t> impressions = by_user(split);
  const TensorBatch flat = Gather(split, /*users_apart=*/false)(impressions);
  const TensorBatch apart = Gather(split, /*users_apart=*/true)(impressions);
  const auto flat_model = trained_by(flat), apart_model = trained_by(apart);
  SharedEmbedding flat_table = flat_model->tables().front(), apart_table = apart_model->tables().front();
  const torch::Tensor& of = apart.users->of;
  const int64_t users = of[-1].item<int64_t>() + 1, D = flat_table->table().size(1);

  const torch::Tensor sums = first_sums(split, impressions);
  const auto by_group = [&](const torch::Tensor& values) {
    return torch::zeros({users, values.size(1)}).index_add_(0, of, values);
  };
  const torch::Tensor scale = (by_group(sums.square()).sum(1) / by_group(sums).square().sum(1)).sqrt();
  // The user's field, one id each, is the first of all.
  const torch::Tensor gradient = flat_table->take_gradient()[0].grad_out;
  const ops::TableGradient told = {
      {.bags = apart.bags, .grad_out = gradient.slice(1, D)},
      {.bags = {.rows = apart.users->bags.rows.index_select(0, of),
                .offsets = torch::arange(61, torch::kLong),
                .weights = {},
                .fields = 1},
       .grad_out = gradient.slice(1, 0, D),
       .shared = ops::SharedBags{torch::ones({60}, torch::kInt), scale.index_select(0, of)}}};
  const ops::TableGradient found = apart_table->take_gradient();
  for (const auto rule : {ops::UpdateRule::sgd, ops::UpdateRule::adagrad, ops::UpdateRule::rowwise_adagrad,
                          ops::UpdateRule::lazy_adam, ops::UpdateRule::adam}) {
    INFO("rule " << static_cast<int>(rule));
    const auto after = [&](const ops::TableGradient& of_batch) {
      torch::Tensor table = flat_table->table().detach().clone();
      ops::TableState state = ops::initial_state(rule, table);
      for (auto& [name, values] : state) values.fill_(1e-4);
      ops::update_table(rule, table, state, of_batch,
                        {.learning_rate = 0.1, .l2 = 0.5, .batch_size = 60, .step = 2});
      return table;
    };
    CHECK(torch::allclose(after(found), after(told), /*rtol=*/1e-4, /*atol=*/1e-6));
    ops::TableGradient untold = told;
    untold[1].shared.reset();
    CHECK(torch::allclose(after(found), after(untold), 1e-4, 1e-6) == (rule == ops::UpdateRule::sgd));
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
