#include "esmm/model/activation.h"

#include <catch2/catch.hpp>

namespace esmm {
namespace {

using torch::Tensor;

const Tensor kInput = torch::tensor({{-2.f, 4.f}, {2.f, -8.f}});

TEST_CASE("relu cuts the left side off") {
  ActivationLayer relu(Activation::relu, 2);
  CHECK(torch::equal(relu(kInput.clone()), torch::tensor({{0.f, 4.f}, {2.f, 0.f}})));
  CHECK(relu->parameters().empty());
}

TEST_CASE("prelu has a slope for each unit, 0.25 at the start") {
  ActivationLayer prelu(Activation::prelu, 2);
  CHECK(torch::equal(prelu(kInput), torch::tensor({{-0.5f, 4.f}, {2.f, -2.f}})));
  const torch::NoGradGuard no_grad;
  Tensor(prelu->slope()).copy_(torch::tensor({0.5f, 0.f}));
  CHECK(torch::equal(prelu(kInput), torch::tensor({{-1.f, 4.f}, {2.f, 0.f}})));
}

TEST_CASE("dice moves its step to the batch's mean in training") {
  ActivationLayer dice(Activation::dice, 1);
  const torch::NoGradGuard no_grad;
  Tensor(dice->slope()).fill_(0.5f);
  dice->train();
  // 1 and 5: mean 3, standard deviation 2, so the step is sigmoid(-1) and sigmoid(1).
  const double low = 1 / (1 + std::exp(1.0)), high = 1 - low;
  const Tensor got = dice(torch::tensor({{1.f}, {5.f}}));
  CHECK(got[0].item<float>() == Approx(low + 0.5 * (1 - low)).epsilon(1e-4));
  CHECK(got[1].item<float>() == Approx(5 * (high + 0.5 * (1 - high))).epsilon(1e-4));
}

TEST_CASE("dice takes running statistics in evaluation") {
  ActivationLayer dice(Activation::dice, 1);
  dice->eval();
  // Mean 0 and variance 1 at the start; the slope is 0.
  CHECK(dice(torch::tensor({{2.f}})).item<float>() == Approx(2 / (1 + std::exp(-2.0))).epsilon(1e-4));
  CHECK(dice->named_buffers().keys() == std::vector<std::string>{"norm.mean", "norm.variance"});
}

TEST_CASE("slopes learn") {
  for (const Activation kind : {Activation::prelu, Activation::dice}) {
    ActivationLayer layer(kind, 2);
    layer(kInput.clone()).square().sum().backward();
    CHECK(layer->slope().grad().abs().min().item<float>() > 0);
  }
}

}  // namespace
}  // namespace esmm
