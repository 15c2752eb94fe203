#include "esmm/data/prepare/derived_column.h"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using esmm::DerivedConfig;
using esmm::data::derive;
using Cases = std::vector<std::pair<std::string, std::string>>;

namespace {

std::string derived(const DerivedConfig& config, const std::string& text) {
  std::string result;
  return derive(config, text, result) ? result : "refused";
}

DerivedConfig divide(int64_t by) {
  DerivedConfig config;
  config.divide = by;
  return config;
}

DerivedConfig hour_of(const std::string& form, int64_t offset = 0) {
  DerivedConfig config;
  config.hour_of = form;
  config.utc_offset_minutes = offset;
  return config;
}

}  // namespace

TEST_CASE("division rounds down") {
  for (const auto& [text, result] : Cases{{"1530", "15"},
                                          {"0", "0"},
                                          {"99", "0"},
                                          {"-1", "-1"},
                                          {"-100", "-1"},
                                          {"-101", "-2"},
                                          {"1530.9", "15"},
                                          {"9007199254740993000", "90071992547409930"},
                                          {"", ""},
                                          {"nan", ""},
                                          {"x", "refused"},
                                          {"1e30", "refused"}}) {
    CAPTURE(text);
    CHECK(derived(divide(100), text) == result);
  }
}

TEST_CASE("hours of seconds and milliseconds since 1970") {
  CHECK(derived(hour_of("seconds"), "1650812741") == "15");  // 2022-04-24 15:05:41 UTC
  CHECK(derived(hour_of("seconds", 480), "1650812741") == "23");
  CHECK(derived(hour_of("seconds", 600), "1650812741") == "1");
  CHECK(derived(hour_of("milliseconds"), "1650812741436") == "15");
  CHECK(derived(hour_of("milliseconds", -720), "1650812741436") == "3");
  CHECK(derived(hour_of("seconds"), "-1") == "23");
  CHECK(derived(hour_of("seconds"), "noon") == "refused");
}

TEST_CASE("milliseconds are no seconds, microseconds no milliseconds") {
  CHECK(derived(hour_of("seconds"), "1650812741436") == "refused");
  CHECK(derived(hour_of("milliseconds"), "1650812741436000") == "refused");
  CHECK(derived(hour_of("seconds"), "-1650812741436") == "refused");
  CHECK(derived(hour_of("seconds"), "99999999999") == "9");  // 5138-11-16 09:46:39 UTC
}

TEST_CASE("a text that is refused is told with the form that is wanted") {
  const auto told = [](const DerivedConfig& config) {
    const auto refusal = esmm::data::refusal_of(config, "time");
    return refusal.reason + ": expected " + refusal.expected;
  };
  CHECK(told(divide(100)) == "bad number in column time: expected a number");
  CHECK(told(hour_of("seconds")) ==
        "bad time in column time (hour_of: seconds): expected seconds since 1970 (iso8601 takes a time that "
        "is written out)");
  CHECK(told(hour_of("iso8601")) ==
        "bad time in column time (hour_of: iso8601): expected YYYY-MM-DDThh:mm[:ss][Z or ±hh:mm]");
}

TEST_CASE("hours of ISO 8601 times are those of UTC, moved by the offset") {
  for (const auto& [text, result] : Cases{{"2022-04-24T15:05:41Z", "15"},
                                          {"2022-04-24 15:05", "15"},
                                          {"2022-04-24T15:05:41.123+08:00", "7"},
                                          {"2022-04-24T02:00:00+0330", "22"},
                                          {"2022-04-24T23:30-01", "0"},
                                          {"", ""},
                                          {"2022-04-24", "refused"},
                                          {"2022-13-24T15:05", "refused"},
                                          {"2022-04-24T25:05", "refused"},
                                          {"2022-04-24T15:05:41Zulu", "refused"}}) {
    CAPTURE(text);
    CHECK(derived(hour_of("iso8601"), text) == result);
  }
  CHECK(derived(hour_of("iso8601", 480), "2022-04-24T15:05:41Z") == "23");
}
