#include "esmm/model/tower.h"

#include <ATen/CPUGeneratorImpl.h>
#include <catch2/catch.hpp>

namespace esmm {
namespace {

// What towers without a wide term do not look at.
const TensorBatch kNoBatch;

TEST_CASE("a tower is linear layers with ReLU between them") {
  Tower tower(TowerOptions{.inputs = 2, .layers = {2}, .output_bias = 0.5});
  const torch::NoGradGuard no_grad;
  tower->hidden()[0].linear->weight.copy_(torch::tensor({{1.f, 2.f}, {-1.f, -1.f}}));
  tower->output()->weight.copy_(torch::tensor({{3.f, 4.f}}));
  const torch::Tensor logit = tower(torch::tensor({{1.f, 1.f}, {-1.f, -2.f}}), kNoBatch);
  CHECK(torch::equal(logit, torch::tensor({3.f * 3.f + 0.5f, 4.f * 3.f + 0.5f})));
}

TEST_CASE("a tower without hidden layers is a linear model") {
  Tower tower(TowerOptions{.inputs = 3, .layers = {}});
  CHECK(tower->hidden().empty());
  CHECK(tower(torch::ones({5, 3}), kNoBatch).sizes() == torch::IntArrayRef({5}));
}

TEST_CASE("a tower starts as He normal with biases of 0 and the given output bias") {
  Tower tower(TowerOptions{.inputs = 200, .layers = {300}, .output_bias = -1.5},
              at::detail::createCPUGenerator(3));
  CHECK(tower->hidden()[0].linear->weight.std().item<float>() == Approx(std::sqrt(2.0 / 200)).epsilon(0.02));
  CHECK(tower->hidden()[0].linear->weight.mean().item<float>() == Approx(0).margin(0.002));
  CHECK(tower->hidden()[0].linear->bias.abs().max().item<float>() == 0.f);
  CHECK(tower->output()->bias.item<float>() == -1.5f);
}

TEST_CASE("dropout acts in training alone") {
  Tower tower(TowerOptions{.inputs = 4, .layers = {50}, .dropout = 0.5});
  const torch::Tensor x = torch::ones({1, 4});
  tower->train();
  CHECK_FALSE(torch::equal(tower(x, kNoBatch), tower(x, kNoBatch)));
  tower->eval();
  CHECK(torch::equal(tower(x, kNoBatch), tower(x, kNoBatch)));
}

TEST_CASE("a tower's parameters have names that checkpoints keep") {
  Tower tower(TowerOptions{.inputs = 4, .layers = {3, 2}});
  CHECK(tower->named_parameters().keys() == std::vector<std::string>{"hidden_0.weight", "hidden_0.bias",
                                                                     "hidden_1.weight", "hidden_1.bias",
                                                                     "output.weight", "output.bias"});
}

TEST_CASE("batch normalisation stands between a layer and its activation") {
  Tower tower(TowerOptions{.inputs = 1, .layers = {1}, .batch_norm = true});
  {
    const torch::NoGradGuard no_grad;
    tower->hidden()[0].linear->weight.fill_(2.f);
    tower->output()->weight.fill_(1.f);
  }
  tower->train();
  // 2 and 6: mean 4, variance 4, so -1 and 1 before the ReLU.
  const torch::Tensor logit = tower(torch::tensor({{1.f}, {3.f}}), kNoBatch);
  CHECK(torch::allclose(logit, torch::tensor({0.f, 1.f}), 1e-4, 1e-5));
  CHECK(tower->named_parameters().contains("norm_0.weight"));
}

TEST_CASE("a wide tower adds the linear weights of the impression's ids") {
  Tower tower(TowerOptions{.inputs = 2, .layers = {}, .wide_rows = 4, .fields = 2});
  TensorBatch batch{.size = 2,
                    .bags = {.rows = torch::tensor({0, 1, 3, 2}, torch::kInt),
                             .offsets = torch::tensor({0, 1, 3, 4, 4}, torch::kLong),
                             .weights = torch::tensor({1.f, 1.f, 1.f, 0.5f}),
                             .fields = 2},
                    .click = {},
                    .conversion = {}};
  const torch::Tensor x = torch::ones({2, 2});
  const torch::NoGradGuard no_grad;
  tower->output()->weight.fill_(1.f);
  CHECK(torch::equal(tower(x, batch), torch::tensor({2.f, 2.f})));  // wide rows start at 0
  SharedEmbedding(tower->wide())->table().copy_(torch::tensor({{1.f}, {10.f}, {100.f}, {1000.f}}));
  CHECK(torch::equal(tower(x, batch), torch::tensor({2.f + 1011.f, 2.f + 50.f})));
}

}  // namespace
}  // namespace esmm
