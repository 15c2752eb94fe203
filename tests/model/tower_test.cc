#include "esmm/model/tower.h"

#include <ATen/CPUGeneratorImpl.h>
#include <catch2/catch.hpp>

namespace esmm {
namespace {

TEST_CASE("a tower is linear layers with ReLU between them") {
  Tower tower(TowerOptions{.inputs = 2, .layers = {2}, .output_bias = 0.5});
  const torch::NoGradGuard no_grad;
  tower->layers()[0]->weight.copy_(torch::tensor({{1.f, 2.f}, {-1.f, -1.f}}));
  tower->layers()[1]->weight.copy_(torch::tensor({{3.f, 4.f}}));
  const torch::Tensor logit = tower(torch::tensor({{1.f, 1.f}, {-1.f, -2.f}}));
  CHECK(torch::equal(logit, torch::tensor({3.f * 3.f + 0.5f, 4.f * 3.f + 0.5f})));
}

TEST_CASE("a tower without hidden layers is a linear model") {
  Tower tower(TowerOptions{.inputs = 3, .layers = {}});
  CHECK(tower->layers().size() == 1);
  CHECK(tower(torch::ones({5, 3})).sizes() == torch::IntArrayRef({5}));
}

TEST_CASE("a tower starts as He normal with biases of 0 and the given output bias") {
  Tower tower(TowerOptions{.inputs = 200, .layers = {300}, .output_bias = -1.5},
              at::detail::createCPUGenerator(3));
  CHECK(tower->layers()[0]->weight.std().item<float>() == Approx(std::sqrt(2.0 / 200)).epsilon(0.02));
  CHECK(tower->layers()[0]->weight.mean().item<float>() == Approx(0).margin(0.002));
  CHECK(tower->layers()[0]->bias.abs().max().item<float>() == 0.f);
  CHECK(tower->layers()[1]->bias.item<float>() == -1.5f);
}

TEST_CASE("dropout acts in training alone") {
  Tower tower(TowerOptions{.inputs = 4, .layers = {50}, .dropout = 0.5});
  const torch::Tensor x = torch::ones({1, 4});
  tower->train();
  CHECK_FALSE(torch::equal(tower(x), tower(x)));
  tower->eval();
  CHECK(torch::equal(tower(x), tower(x)));
}

TEST_CASE("a tower's parameters have names that checkpoints keep") {
  Tower tower(TowerOptions{.inputs = 4, .layers = {3, 2}});
  CHECK(tower->named_parameters().keys() == std::vector<std::string>{"hidden_0.weight", "hidden_0.bias",
                                                                     "hidden_1.weight", "hidden_1.bias",
                                                                     "output.weight", "output.bias"});
}

}  // namespace
}  // namespace esmm
