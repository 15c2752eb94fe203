#include "esmm/ops/shared_bags.h"

#include <catch2/catch.hpp>

#include "tests/ops/cuda/gpu.h"

namespace esmm::ops {
namespace {

using torch::Tensor;

// A user whose impressions agree in part; one alone; one whose impressions cancel out; one whose sum is what
// rounding left of 0; one without impressions.
const Tensor kOf = torch::tensor({0, 0, 0, 1, 2, 2, 3, 3}, torch::kLong);
const Tensor kLengths = torch::tensor({{18., 2.}, {5., 5.}, {4., 0.}, {1., 1e-20}, {0., 0.}}, torch::kDouble);

void check_shared(const SharedBags& shared, torch::ScalarType type) {
  CHECK(torch::equal(shared.impressions.cpu(), torch::tensor({3, 1, 2, 2, 0}, torch::kInt)));
  CHECK(torch::equal(shared.scale.cpu(), torch::tensor({3., 1., 1., 1e6, 1.}, torch::kDouble).to(type)));
}

TEST_CASE("a user's rows are for so many impressions, and scaled by how far these agree") {
  for (const auto type : {torch::kFloat, torch::kDouble}) {
    check_shared(shared_bags(kOf, kLengths.to(type)), type);
    check_shared(any_device::shared_bags(kOf, kLengths.to(type)), type);
  }
}

TEST_CASE("users of no impressions at all are for none") {
  for (const auto make : {shared_bags, any_device::shared_bags}) {
    const SharedBags shared = make(torch::empty({0}, torch::kLong), torch::zeros({2, 2}));
    CHECK(torch::equal(shared.impressions, torch::zeros({2}, torch::kInt)));
    CHECK(torch::equal(shared.scale, torch::ones({2})));
  }
}

TEST_CASE("on a GPU, a user's rows are for as many impressions, and scaled as far", "[gpu]") {
  if (!test::has_gpu()) return;
  const Tensor lengths = kLengths.to(torch::kCUDA, torch::kFloat);
  check_shared(shared_bags(kOf.to(torch::kCUDA), lengths), torch::kFloat);
}

}  // namespace
}  // namespace esmm::ops
