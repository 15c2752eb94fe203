#include "esmm/ops/dropout.h"

#include <ATen/Context.h>

#include <catch2/catch.hpp>

#include "tests/support/torch_threads.h"

namespace esmm::ops {
namespace {

using torch::Tensor;

Tensor dropped(const Tensor& x, double probability, uint64_t seed) {
  at::manual_seed(seed);
  return dropout(x, probability);
}

TEST_CASE("dropout zeroes its share of the elements and scales the others") {
  const Tensor x = torch::full({1000, 1001}, 3.0F);
  const Tensor y = dropped(x, 0.25, 1);
  CHECK(((y == 0) | (y == 4)).all().item<bool>());
  // Standard deviation of the share: sqrt(0.25 * 0.75 / 1,001,000) = 4.3e-4.
  CHECK((y == 0).to(torch::kDouble).mean().item<double>() == Approx(0.25).margin(2e-3));
}

TEST_CASE("dropout keeps the mean where its probability is no multiple of 2^-16") {
  const Tensor x = torch::ones({1 << 20});
  CHECK(torch::equal(dropped(x, 1e-6, 1), x));
  const Tensor y = dropped(x, 1 - 1e-6, 1);  // one in 65,536 stays: 16 of all, standard deviation 4
  CHECK(((y == 0) | (y == 65536)).all().item<bool>());
  CHECK(y.mean().item<double>() == Approx(1).margin(0.75));
}

TEST_CASE("what dropout drops is the same for the same seed, on any number of threads, and else another") {
  const Tensor x = torch::ones({300, 333});
  const auto on = [&](int threads) {
    const test::TorchThreads of_these(threads);
    return dropped(x, 0.5, 7);
  };
  const Tensor one = on(1);
  CHECK(torch::equal(one, on(4)));
  CHECK((one == dropped(x, 0.5, 8)).to(torch::kDouble).mean().item<double>() == Approx(0.5).margin(0.01));
}

TEST_CASE("dropped elements do not go together: neighbours, rows, and the lanes of the generator") {
  const Tensor zeros = (dropped(torch::ones({1 << 20}), 0.5, 3) == 0).to(torch::kDouble);
  for (const int64_t distance : {1, 2, 16, 32, 64, 4096}) {
    const Tensor both = zeros.slice(0, distance) * zeros.slice(0, 0, -distance);
    INFO(distance);
    CHECK(both.mean().item<double>() == Approx(0.25).margin(3e-3));  // standard deviation below 6e-4
  }
}

TEST_CASE("dropout's gradient is that of the elements that stay") {
  const Tensor x = torch::ones({64, 5}, torch::dtype(torch::kDouble).requires_grad(true));
  const Tensor y = dropped(x, 0.5, 1);
  y.sum().backward();
  CHECK(torch::equal(x.grad(), y.detach()));
}

TEST_CASE("dropout keeps the type, and without a probability everything") {
  const Tensor x = torch::ones({10, 10}, torch::kBFloat16);
  CHECK(dropped(x, 0.5, 1).scalar_type() == torch::kBFloat16);
  CHECK(torch::equal(dropped(x, 0.0, 1), x));
}

}  // namespace
}  // namespace esmm::ops
