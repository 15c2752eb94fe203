#include "esmm/core/random.h"

#include <catch2/catch.hpp>

#include <cmath>

using esmm::Random;

TEST_CASE("mix64 gives the first outputs of SplitMix64") {
  // Reference: Vigna's splitmix64.c with the states 0 and 1234567.
  CHECK(esmm::mix64(0) == 0xe220a8397b1dcdafULL);
  CHECK(esmm::mix64(1234567) == 6457827717110365317ULL);
}

TEST_CASE("the same seed gives the same numbers, another stream others") {
  Random first(7), again(7), stream(7, 1), seed(8);
  const uint64_t value = first.next();
  CHECK(value == again.next());
  CHECK(value != stream.next());
  CHECK(value != seed.next());
  CHECK(esmm::mix_seed(1, 2) != esmm::mix_seed(2, 1));
}

TEST_CASE("uniform numbers lie in [0, 1), whole ones below n, normal ones have mean 0 and variance 1") {
  Random random(1);
  double sum = 0, square = 0, uniform_sum = 0;
  constexpr int kCount = 100000;
  for (int i = 0; i < kCount; ++i) {
    const double uniform = random.uniform();
    REQUIRE((uniform >= 0 && uniform < 1));
    REQUIRE(random.below(3) < 3);
    const double normal = random.normal();
    uniform_sum += uniform;
    sum += normal;
    square += normal * normal;
  }
  // Five standard errors: 0.289, 1 and sqrt(2) over sqrt(100000).
  CHECK(std::abs(uniform_sum / kCount - 0.5) < 0.005);
  CHECK(std::abs(sum / kCount) < 0.016);
  CHECK(std::abs(square / kCount - 1) < 0.023);
}
