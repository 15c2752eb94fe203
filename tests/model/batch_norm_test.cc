#include "esmm/model/batch_norm.h"

#include <catch2/catch.hpp>

namespace esmm {
namespace {

using torch::Tensor;

TEST_CASE("training takes the batch's statistics and moves the running ones by a tenth") {
  BatchNorm norm(1);
  norm->train();
  // 1 and 5: mean 3, variance 4, sample variance 8.
  CHECK(torch::allclose(norm(torch::tensor({{1.f}, {5.f}})), torch::tensor({{-1.f}, {1.f}}), 1e-4));
  CHECK(norm->named_buffers()["mean"].item<float>() == Approx(0.3));
  CHECK(norm->named_buffers()["variance"].item<float>() == Approx(0.9 + 0.8));
}

TEST_CASE("evaluation is a line through running statistics") {
  BatchNorm norm(2);
  const torch::NoGradGuard no_grad;
  norm->named_buffers()["mean"].copy_(torch::tensor({1.f, -1.f}));
  norm->named_buffers()["variance"].copy_(torch::tensor({4.f, 0.25f}));
  norm->named_parameters()["weight"].copy_(torch::tensor({3.f, 1.f}));
  norm->named_parameters()["bias"].copy_(torch::tensor({0.f, 10.f}));
  norm->eval();
  const Tensor x = torch::tensor({{3.f, 0.f}, {1.f, -1.f}});
  const Tensor expected = torch::tensor({{3.f, 12.f}, {0.f, 10.f}});
  CHECK(torch::allclose(norm(x), expected, 1e-4));
  const BatchNormImpl::Line line = norm->line();
  CHECK(torch::allclose(x * line.scale + line.shift, expected, 1e-4));
}

TEST_CASE("a training batch of one row takes running statistics and leaves them") {
  BatchNorm norm(1, /*affine=*/false);
  norm->train();
  CHECK(norm(torch::tensor({{2.f}})).item<float>() == Approx(2).epsilon(1e-4));
  CHECK(norm->named_buffers()["mean"].item<float>() == 0.f);
  CHECK(norm->parameters().empty());
}

}  // namespace
}  // namespace esmm
