#include "esmm/experiment/paired_test.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <vector>

namespace esmm::experiment {
namespace {

TEST_CASE("with two pairs, T is Cauchy's: p = 1 - 2/pi arctan t") {
  // d = {1, 3}: mean 2, deviation sqrt 2, t = 2.
  const std::vector<double> a{5, 8}, b{4, 5};
  CHECK(paired_t_test(a, b).number.value() ==
        Approx(1 - 2 / std::numbers::pi * std::atan(2.0)).epsilon(1e-12));
}

TEST_CASE("with three pairs, p = 1 - t / sqrt(2 + t^2)") {
  // d = {1, 2, 3}: mean 2, deviation 1, t = 2 sqrt 3.
  const std::vector<double> a{2, 4, 6}, b{1, 2, 3};
  CHECK(paired_t_test(a, b).number.value() == Approx(1 - std::sqrt(12.0 / 14.0)).epsilon(1e-12));
}

TEST_CASE("with ten pairs, p is that of scipy.stats.ttest_rel") {
  const std::vector<double> a{0.712, 0.708, 0.715, 0.711, 0.709, 0.713, 0.710, 0.714, 0.707, 0.712};
  const std::vector<double> b{0.709, 0.707, 0.716, 0.708, 0.708, 0.710, 0.711, 0.711, 0.706, 0.708};
  CHECK(paired_t_test(a, b).number.value() == Approx(0.0139634514964988).epsilon(1e-9));
}

TEST_CASE("the sign of the difference does not matter") {
  const std::vector<double> a{2, 4, 6}, b{1, 2, 3};
  CHECK(paired_t_test(a, b).number == paired_t_test(b, a).number);
}

TEST_CASE("one pair, and differences that do not vary, have no p-value but a reason") {
  const std::vector<double> one{1}, a{1, 2, 3}, b{0, 1, 2};
  CHECK_FALSE(paired_t_test(one, one).number);
  CHECK_THAT(paired_t_test(one, one).reason, Catch::Contains("two seeds"));
  CHECK_FALSE(paired_t_test(a, a).number);
  CHECK_FALSE(paired_t_test(a, b).number);
  CHECK_THAT(paired_t_test(a, b).reason, Catch::Contains("same for every seed"));
}

}  // namespace
}  // namespace esmm::experiment
