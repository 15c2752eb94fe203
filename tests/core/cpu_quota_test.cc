#include "esmm/core/cpu_quota.h"

#include <catch2/catch.hpp>

namespace esmm {
namespace {

TEST_CASE("a quota is so many cores, a part of one counting as one") {
  CHECK(cores_of("200000 100000") == 2);
  CHECK(cores_of("150000 100000") == 2);
  CHECK(cores_of("5000 100000") == 1);
}

TEST_CASE("what sets no bound, or is no quota, is none") {
  for (const char* text : {"max 100000", "", "200000", "200000 ", "200000 0", "0 100000", "x y"})
    CHECK_FALSE(cores_of(text));
}

}  // namespace
}  // namespace esmm
