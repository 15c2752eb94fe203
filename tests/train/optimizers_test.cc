#include <torch/optim/adamw.h>

#include <catch2/catch.hpp>

#include "esmm/train/embedding_optimizer.h"
#include "esmm/train/tower_optimizer.h"

namespace esmm::train {
namespace {

torch::Tensor parameter(const torch::Tensor& values) { return values.clone().requires_grad_(); }

TEST_CASE("the towers' optimiser steps as torch::optim::AdamW does, weights decaying and biases not") {
  torch::manual_seed(1);
  const torch::Tensor weight = torch::randn({37, 19}), bias = torch::randn({37});
  const TowerOptimizerConfig config{
      .learning_rate = 0.01, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-6, .weight_decay = 0.1};
  torch::Tensor ours[] = {parameter(weight), parameter(bias)},
                theirs[] = {parameter(weight), parameter(bias)};
  TowerOptimizer optimizer({{"weight", ours[0]}, {"bias", ours[1]}}, config);
  const auto stock = [&](const torch::Tensor& p, double decay) {
    return torch::optim::AdamW(
        {p}, torch::optim::AdamWOptions(0.01).betas({0.8, 0.95}).eps(1e-6).weight_decay(decay));
  };
  torch::optim::AdamW stock_weight = stock(theirs[0], 0.1), stock_bias = stock(theirs[1], 0.0);
  for (int64_t t = 1; t <= 10; ++t) {
    for (int i = 0; i < 2; ++i) {
      const torch::Tensor gradient = torch::randn_like(ours[i]);
      ours[i].mutable_grad() = gradient;
      theirs[i].mutable_grad() = gradient.clone();
    }
    optimizer.step(0.01, t);
    stock_weight.step();
    stock_bias.step();
  }
  for (int i = 0; i < 2; ++i) CHECK(torch::allclose(ours[i], theirs[i], 1e-5, 1e-7));
}

TEST_CASE("with a zero gradient a weight shrinks by learning rate times decay and a bias stays") {
  torch::Tensor weight = parameter(torch::full({1, 1}, 2.0)), bias = parameter(torch::full({1}, 2.0));
  TowerOptimizer optimizer({{"weight", weight}, {"bias", bias}}, {.weight_decay = 0.5});
  weight.mutable_grad() = torch::zeros_like(weight);
  bias.mutable_grad() = torch::zeros_like(bias);
  optimizer.step(0.1, 1);
  CHECK(weight.item<float>() == Approx(1.9));
  CHECK(bias.item<float>() == 2.0f);
  CHECK_FALSE(weight.grad().defined());
}

TEST_CASE("a parameter without a gradient stays, decay or not") {
  torch::Tensor weight = parameter(torch::full({1, 1}, 2.0));
  TowerOptimizer optimizer({{"weight", weight}}, {.weight_decay = 0.5});
  optimizer.step(0.1, 1);
  CHECK(weight.item<float>() == 2.0f);
}

ops::TableGradient gradient_of_row(int row) {
  return {{{.rows = torch::tensor({row}, torch::kInt),
            .offsets = torch::tensor({0, 1}, torch::kLong),
            .weights = {},
            .fields = 1},
           torch::tensor({{3.0f, 4.0f}})}};
}

TEST_CASE("the table's Adam moves a touched row by the learning rate, then on by its momentum") {
  const torch::Tensor table = torch::ones({3, 2});
  EmbeddingOptimizer optimizer({.name = TableOptimizer::adam}, table);
  optimizer.step(gradient_of_row(1), {.learning_rate = 0.1, .t = 1});
  CHECK(torch::allclose(table, torch::tensor({{1.0f, 1.0f}, {0.9f, 0.9f}, {1.0f, 1.0f}})));
  optimizer.step(gradient_of_row(2), {.learning_rate = 0.1, .t = 2});
  CHECK(table[1][0].item<float>() < 0.9f);
  CHECK(table[0][0].item<float>() == 1.0f);
}

TEST_CASE("row-wise Adagrad divides a row's step by the root of its mean square gradient") {
  const torch::Tensor table = torch::ones({3, 2});
  EmbeddingOptimizer optimizer({.name = TableOptimizer::rowwise_adagrad, .epsilon = 0}, table);
  optimizer.step(gradient_of_row(1), {.learning_rate = 0.1, .t = 1});
  const float root = std::sqrt(12.5f);
  CHECK(torch::allclose(table[1], torch::tensor({1 - 0.3f / root, 1 - 0.4f / root})));
  CHECK(table[0][0].item<float>() == 1.0f);
  CHECK(optimizer.state().at("sums")[1].item<float>() == Approx(12.5));
}

TEST_CASE("each of the table's optimisers takes the first step of its own rule and keeps its own state") {
  const float root = std::sqrt(12.5f);
  const auto check = [](TableOptimizer name, std::vector<float> step, std::vector<std::string> state) {
    const torch::Tensor table = torch::ones({3, 2});
    EmbeddingOptimizer optimizer({.name = name}, table);
    optimizer.step(gradient_of_row(1), {.learning_rate = 0.1, .t = 1000});
    CHECK(torch::allclose(1 - table[1], torch::tensor(step)));
    std::vector<std::string> names;
    for (const auto& [of, values] : optimizer.state()) names.push_back(of);
    CHECK(names == state);
  };
  check(TableOptimizer::sgd, {0.3f, 0.4f}, {});
  check(TableOptimizer::adagrad, {0.1f, 0.1f}, {"sums"});
  check(TableOptimizer::rowwise_adagrad, {0.3f / root, 0.4f / root}, {"sums"});
  check(TableOptimizer::lazy_adam, {0.1f, 0.1f}, {"m", "norms", "v"});
}

TEST_CASE("L2 adds l2 * count / B * row to a looked-up row's gradient") {
  const torch::Tensor table = torch::ones({3, 2});
  EmbeddingOptimizer optimizer({.name = TableOptimizer::rowwise_adagrad, .epsilon = 0, .l2 = 8.0}, table);
  optimizer.step(gradient_of_row(1),
                 {.learning_rate = 0.1, .t = 1, .batch_size = 4});  // gradient 3 + 2, 4 + 2
  CHECK(optimizer.state().at("sums")[1].item<float>() == Approx(30.5));
}

}  // namespace
}  // namespace esmm::train
