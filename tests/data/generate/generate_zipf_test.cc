#include "esmm/data/generate/generate_zipf.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "esmm/core/random.h"

namespace esmm::data {
namespace {

TEST_CASE("Zipf draws follow the power law") {
  constexpr int kDraws = 200'000;
  const Zipf zipf(5, 1.0);
  std::array<int, 5> seen{};
  Random random(3);
  for (int i = 0; i < kDraws; ++i) ++seen.at(zipf.draw(random));
  const double total = 1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1 / 5.0;
  double chi_square = 0;
  for (size_t i = 0; i < 5; ++i) {
    const double expected = kDraws / static_cast<double>(i + 1) / total;
    chi_square += (seen[i] - expected) * (seen[i] - expected) / expected;
  }
  CHECK(chi_square < 18.5);  // 4 degrees of freedom: exceeded once in 1,000
}

}  // namespace
}  // namespace esmm::data
