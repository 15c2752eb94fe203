#include "esmm/ops/stochastic_rounding.h"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

namespace esmm::ops {
namespace {

float rounded(float value, uint32_t random) {
  return std::bit_cast<float>(uint32_t{rounded_bits(std::bit_cast<uint32_t>(value), random)} << 16);
}

TEST_CASE("a float between two bfloat16 numbers goes to either, and one that is bfloat16 stays") {
  const float a = 1.0f, b = 1.0078125f;  // neighbours: 2^-7 apart
  CHECK(rounded(a, 0) == a);
  CHECK(rounded(a, 0xFFFF) == a);
  CHECK(rounded(-a, 0xFFFF) == -a);
  CHECK(rounded(1.005859375f, 0x3FFF) ==
        a);  // three quarters of the way: up for three quarters of the numbers
  CHECK(rounded(1.005859375f, 0x4000) == b);
}

TEST_CASE("what is no number stays none, and infinity stays infinite") {
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(rounded(infinity, 0xFFFF) == infinity);
  CHECK(rounded(-infinity, 0xFFFF) == -infinity);
  for (const uint32_t bits : {0x7FFFFFFFU, 0x7F800001U, 0xFFFFFFFFU})
    CHECK(std::isnan(rounded(std::bit_cast<float>(bits), 0xFFFF)));
}

TEST_CASE("random numbers of rows, columns and steps are even and unlike each other") {
  double sum = 0, product = 0;
  const int n = 100'000;
  for (int k = 0; k < n; ++k) {
    const uint64_t step = rounding_key_of_step(3, k % 10);
    const uint32_t key = rounding_key_of_row(step, k / 10), next = rounding_key_of_row(step, k / 10 + 1);
    const double a = rounding_random(key, 0) / 65535.0 - 0.5, b = rounding_random(key, 1) / 65535.0 - 0.5;
    const double c = rounding_random(next, 0) / 65535.0 - 0.5;
    sum += a;
    product += a * b + a * c;
  }
  CHECK(std::abs(sum / n) < 0.004);  // 4 deviations of a mean of even numbers
  CHECK(std::abs(product / n) < 0.0015);
}

}  // namespace
}  // namespace esmm::ops
