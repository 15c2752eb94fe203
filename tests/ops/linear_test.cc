#include "esmm/ops/linear.h"

#include <catch2/catch.hpp>

#include <array>
#include <tuple>
#include <vector>

namespace esmm::ops {
namespace {

using torch::Tensor;

struct Layer {
  Tensor x, weight, bias;
};

Tensor linear(const Layer& layer, bool relu) {
  return linears(layer.x, {layer.weight}, {layer.bias}, relu)[0];
}

Layer drawn_layer(int64_t rows, int64_t inputs, int64_t units, torch::ScalarType type) {
  torch::manual_seed(7);
  const auto draw = [&](torch::IntArrayRef shape) {
    return torch::randn(shape, torch::kDouble).to(type).requires_grad_();
  };
  return {draw({rows, inputs}), draw({units, inputs}), draw({units})};
}

Layer copy_as(const Layer& layer, torch::ScalarType type) {
  const auto copy = [&](const Tensor& tensor) {
    return tensor.detach().to(type, false, /*copy=*/true).requires_grad_();
  };
  return {copy(layer.x), copy(layer.weight), copy(layer.bias)};
}

// y, and the gradients of sum over y of slope * y, with a slope of its own for each number.
std::vector<Tensor> results(const Layer& layer, const Tensor& y) {
  const Tensor slope = torch::linspace(-0.5, 1, y.numel(), torch::kDouble).view(y.sizes());
  (y.to(torch::kDouble) * slope).sum().backward();
  return {y.detach(), layer.x.grad(), layer.weight.grad(), layer.bias.grad()};
}

std::vector<Tensor> reference(const Layer& given, bool relu) {
  const Layer layer = copy_as(given, torch::kDouble);
  const Tensor y = layer.x.matmul(layer.weight.t()) + layer.bias;
  return results(layer, relu ? y.clamp_min(0) : y);
}

void require_near(const std::vector<Tensor>& got, const std::vector<Tensor>& expected, double tolerance) {
  REQUIRE(got.size() == expected.size());
  for (size_t k = 0; k < got.size(); ++k) {
    INFO("result " << k);
    REQUIRE(got[k].sizes() == expected[k].sizes());
    const double largest = expected[k].numel() == 0 ? 0 : expected[k].abs().max().item<double>();
    CHECK(torch::allclose(got[k].to(torch::kDouble), expected[k], tolerance, tolerance * (1 + largest)));
  }
}

TEST_CASE("a layer and its gradients equal the product written out, for all shapes and types") {
  for (const auto& [rows, inputs, units] :
       {std::tuple{1, 1, 1}, {3, 5, 1}, {1, 7, 4}, {0, 3, 2}, {64, 33, 17}, {257, 400, 360}}) {
    for (const auto& [type, tolerance] : {std::pair{torch::kFloat, 1e-5}, {torch::kDouble, 1e-12}}) {
      for (const bool relu : {false, true}) {
        INFO(rows << " x " << inputs << " to " << units << ", " << type << (relu ? ", relu" : ""));
        const Layer layer = drawn_layer(rows, inputs, units, type);
        const Tensor y = linear(layer, relu);
        CHECK(y.scalar_type() == type);
        require_near(results(layer, y), reference(layer, relu), tolerance);
      }
    }
  }
}

TEST_CASE("a bfloat16 input is multiplied in bfloat16, and the parameters' gradients are float") {
  for (const bool relu : {false, true}) {
    Layer layer = drawn_layer(128, 48, 40, torch::kFloat);
    layer.x = layer.x.detach().to(torch::kBFloat16).requires_grad_();
    const Tensor y = linear(layer, relu);
    CHECK(y.scalar_type() == torch::kBFloat16);
    const std::vector<Tensor> got = results(layer, y), expected = reference(layer, relu);
    CHECK(got[1].scalar_type() == torch::kBFloat16);
    CHECK(got[2].scalar_type() == torch::kFloat);
    CHECK(got[3].scalar_type() == torch::kFloat);
    for (size_t k = 0; k < got.size(); ++k) {  // rounding moves some numbers to the other side of the ReLU
      const double error = (got[k].to(torch::kDouble) - expected[k]).norm().item<double>();
      CHECK(error < (relu && k > 0 ? 0.06 : 0.01) * expected[k].norm().item<double>());
    }
  }
}

TEST_CASE("an input or a gradient that is not contiguous is read as it lies") {
  const Layer layer = drawn_layer(6, 9, 5, torch::kFloat);
  Layer strided = layer;
  strided.x = layer.x.detach().t().contiguous().t().requires_grad_();
  CHECK_FALSE(strided.x.is_contiguous());
  const Tensor y = linear(strided, /*relu=*/false);
  require_near(results(strided, y), reference(layer, false), 1e-5);
}

TEST_CASE("layers of one input are what each of them is alone, with its gradients") {
  for (const bool relu : {false, true}) {
    const Layer wide = drawn_layer(33, 20, 12, torch::kDouble);
    const std::vector<int64_t> sizes{7, 4, 1};
    const auto leaves = [&](const Tensor& of_all) {
      std::vector<Tensor> parts;
      for (const Tensor& part : of_all.detach().split_with_sizes(sizes))
        parts.push_back(part.clone().requires_grad_());
      return parts;
    };
    const std::vector<Tensor> weights = leaves(wide.weight), biases = leaves(wide.bias);
    const Tensor x = wide.x.detach().clone().requires_grad_();
    const std::vector<Tensor> y = linears(x, weights, biases, relu);
    REQUIRE(y.size() == 3);
    Tensor expected_x = torch::zeros_like(x);
    for (size_t i = 0; i < y.size(); ++i) {
      Layer alone = copy_as({wide.x, weights[i], biases[i]}, torch::kDouble);
      const std::vector<Tensor> expected = reference(alone, relu);
      require_near({y[i]}, {expected[0]}, 1e-12);
      const Tensor slope = torch::linspace(-0.5, 1, y[i].numel(), torch::kDouble).view(y[i].sizes());
      (y[i] * slope).sum().backward({}, /*retain_graph=*/true);
      expected_x += expected[1];
      require_near({weights[i].grad(), biases[i].grad()}, {expected[2], expected[3]}, 1e-12);
    }
    require_near({x.grad()}, {expected_x}, 1e-12);
  }
}

TEST_CASE("what needs no gradient gets none") {
  Layer layer = drawn_layer(4, 3, 2, torch::kFloat);
  layer.x = layer.x.detach();
  linear(layer, true).sum().backward();
  CHECK_FALSE(layer.x.grad().defined());
  CHECK(layer.weight.grad().defined());
  const torch::NoGradGuard no_grad;
  CHECK_FALSE(linear(layer, true).requires_grad());
}

}  // namespace
}  // namespace esmm::ops
