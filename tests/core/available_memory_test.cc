#include "esmm/core/available_memory.h"

#include <catch2/catch.hpp>

namespace esmm {
namespace {

TEST_CASE("a machine has what meminfo calls available") {
  CHECK(
      available_in("MemTotal:       24684084 kB\nMemFree:  1 kB\nMemAvailable:   2000 kB\nBuffers: 5 kB\n") ==
      2'048'000);
  CHECK_FALSE(available_in("MemTotal: 7 kB\n"));
  CHECK_FALSE(available_in(""));
}

TEST_CASE("a control group has what is left below its bound, files counting as left") {
  const char* stat = "anon 300\nfile 160\ninactive_anon 7\nactive_file 100\ninactive_file 50\n";
  CHECK(available_in_group("1000\n", "600\n", stat) == 550);
  CHECK(available_in_group("1000\n", "600\n", "") == 400);
  CHECK(available_in_group("1000\n", "1200\n", "") == 0);
}

TEST_CASE("a control group without a bound has none") {
  CHECK_FALSE(available_in_group("max\n", "600\n", ""));
  CHECK_FALSE(available_in_group("", "", ""));
}

}  // namespace
}  // namespace esmm
