#include "esmm/data/raw/ali_ccp_features.h"

#include <catch2/catch.hpp>

TEST_CASE("a feature's value is a number that a float32 can hold") {
  for (const char* good : {"1", "1.0", "0.69315", "-2.5", "1e10", "1E-7", ".5", "5.", "00012"})
    CHECK(esmm::data::is_finite_number(good));
  for (const char* bad :
       {"", ".", "1.2.3", "1,0", "nan", "inf", "-inf", "1e39", "0x10", " 1", "1 ", "+1", "--1", "1e"}) {
    CHECK_FALSE(esmm::data::is_finite_number(bad));
  }
}
