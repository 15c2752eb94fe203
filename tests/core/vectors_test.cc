#include "esmm/core/vectors.h"

#include <catch2/catch.hpp>

#include <algorithm>

TEST_CASE("every machine has portable vectors, and the widest come last") {
  const std::vector<esmm::Vectors>& available = esmm::available_vectors();
  REQUIRE_FALSE(available.empty());
  CHECK(available.front() == esmm::Vectors::portable);
  CHECK(std::is_sorted(available.begin(), available.end()));
}
