#include "esmm/ops/layer_gradient.h"

#include <catch2/catch.hpp>

#include "tests/support/torch_threads.h"

namespace esmm::ops {
namespace {

TEST_CASE("a gradient passes where the layer's output is above zero, and is summed for the bias") {
  for (const auto type : {torch::kFloat, torch::kDouble, torch::kBFloat16}) {
    const torch::Tensor grad = torch::tensor({{1., 2., 4.}, {8., 16., -32.}}, torch::kDouble).to(type);
    const torch::Tensor y = torch::tensor({{0., 1., -1.}, {2., 0.5, 3.}}, torch::kDouble).to(type);
    const LayerGradient masked = layer_gradient({grad}, y), all = layer_gradient({grad}, {});
    CHECK(torch::equal(masked.sums.to(torch::kDouble),
                       torch::tensor({{0., 2., 0.}, {8., 16., -32.}}, torch::kDouble)));
    CHECK(torch::equal(masked.bias.to(torch::kDouble), torch::tensor({8., 18., -32.}, torch::kDouble)));
    CHECK(torch::equal(all.sums, grad));
    CHECK(torch::equal(all.bias.to(torch::kDouble), torch::tensor({9., 18., -28.}, torch::kDouble)));
    CHECK(masked.sums.scalar_type() == type);
    CHECK(masked.bias.scalar_type() == (type == torch::kDouble ? torch::kDouble : torch::kFloat));
  }
}

TEST_CASE("a gradient of many rows, of none and one that is not contiguous are read as they are") {
  const torch::Tensor grad = torch::randn({1000, 37}).t(), y = torch::randn({37, 1000});
  const LayerGradient got = layer_gradient({grad}, y);
  CHECK(got.sums.is_contiguous());
  CHECK(torch::equal(got.sums, grad * (y > 0)));
  CHECK(torch::allclose(got.bias, (grad * (y > 0)).sum(0), 1e-4, 1e-5));
  CHECK(torch::equal(layer_gradient({torch::empty({0, 3})}, torch::empty({0, 3})).bias, torch::zeros({3})));
}

TEST_CASE("gradients of columns side by side pass as that of all columns does") {
  const torch::Tensor grad = torch::randn({100, 37}), y = torch::randn({100, 37});
  const std::vector<torch::Tensor> columns = grad.split_with_sizes({20, 1, 16}, 1);
  for (const torch::Tensor& above : {y, torch::Tensor()}) {
    const LayerGradient got = layer_gradient(columns, above), expected = layer_gradient({grad}, above);
    CHECK(torch::equal(got.sums, expected.sums));
    CHECK(torch::equal(got.bias, expected.bias));
  }
}

TEST_CASE("a layer's gradient has the same bits on any number of threads") {
  const torch::Tensor grad = torch::randn({3001, 37}), y = torch::randn({3001, 37});
  const auto on = [&](int threads) {
    const test::TorchThreads of_these(threads);
    return layer_gradient({grad}, y);
  };
  const LayerGradient expected = on(1);
  for (const int threads : {2, 3, 7}) {
    const LayerGradient got = on(threads);
    CHECK(torch::equal(got.sums, expected.sums));
    CHECK(torch::equal(got.bias, expected.bias));
  }
}

}  // namespace
}  // namespace esmm::ops
