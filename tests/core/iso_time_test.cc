#include "esmm/core/iso_time.h"

#include <catch2/catch.hpp>

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr int64_t kRefused = std::numeric_limits<int64_t>::min();

int64_t day_of(const std::string& text) {
  int64_t day = 0;
  return esmm::parse_iso_day(text, day) ? day : kRefused;
}

// {start, seconds}.
std::pair<int64_t, int64_t> time_of(const std::string& text) {
  esmm::IsoTime time;
  return esmm::parse_iso_time(text, time) ? std::pair(time.start, time.seconds)
                                          : std::pair(kRefused, kRefused);
}

}  // namespace

TEST_CASE("the day of a date or of a time is the one that is written") {
  for (const auto& [text, day] :
       std::vector<std::pair<std::string, int64_t>>{{"1970-01-01", 0},
                                                    {"1970-01-02", 1},
                                                    {"1969-12-31T23:59:59Z", -1},
                                                    {"0000-01-01", -719'528},
                                                    {"9999-12-31", 2'932'896},
                                                    {"2024-02-29", 19'782},
                                                    {"2026-03-10", 20'522},
                                                    {"2026-03-10 23:15:00", 20'522},
                                                    {"2026-03-10T23:15:00Z", 20'522},
                                                    {"2026-03-10T23:15:00-05:00", 20'522},
                                                    {"2026-03-10 9:15", 20'522},
                                                    {"2026-03-10T09", 20'522},
                                                    {"2026-03-10T0915Z", 20'522},
                                                    {"2026-03-10 23:59:60.5 UTC", 20'522},
                                                    {"2026-03-10 11:15 PM", 20'522}}) {
    CAPTURE(text);
    CHECK(day_of(text) == day);
  }
}

TEST_CASE("what starts with no day of the calendar has no day") {
  for (const std::string text : {"",
                                 "2026-3-10",
                                 "2026-03-1",
                                 "26-03-10",
                                 "10/03/2026",
                                 "2026/03/10",
                                 "20260310",
                                 "2026-13-01",
                                 "2026-00-10",
                                 "2026-01-00",
                                 "2026-02-29",
                                 "2026-02-30",
                                 "2026-04-31",
                                 "+026-03-10",
                                 "2026-03- 1",
                                 " 2026-03-10",
                                 "2026-03-10 ",
                                 "2026-03-10T",
                                 "2026-03-100",
                                 "2026-03-10x",
                                 "2026-03-10-11",
                                 "2026-03-10 99:99",
                                 "2026-03-10T24:00",
                                 "2026-03-10 12:60:00",
                                 "2026-03-10 12:5",
                                 "2026-03-10 12:00:61",
                                 "2026-03-10 12:00:",
                                 "2026-03-10 to"}) {
    CAPTURE(text);
    CHECK(day_of(text) == kRefused);
  }
}

TEST_CASE("a text names a day, a minute, a second or less, in UTC") {
  using Time = std::pair<int64_t, int64_t>;
  for (const auto& [text, time] :
       std::vector<std::pair<std::string, Time>>{{"1970-01-01", {0, 86'400}},
                                                 {"1970-01-02", {86'400, 86'400}},
                                                 {"1970-01-01T00:01", {60, 60}},
                                                 {"1970-01-01 00:01:02", {62, 1}},
                                                 {"1970-01-01T00:01:02.999", {62, 0}},
                                                 {"1969-12-31T23:59:58Z", {-2, 1}},
                                                 {"1970-01-01T01:00+01:00", {0, 60}},
                                                 {"1970-01-01T01:00:00+0130", {-1800, 1}},
                                                 {"1970-01-01T01:00z", {3600, 60}},
                                                 {"1970-01-01T01:00-02", {10'800, 60}},
                                                 {"1972-06-30T23:59:60Z", {78'796'799, 1}}}) {
    CAPTURE(text);
    CHECK(time_of(text) == time);
  }
}

TEST_CASE("what is no time as a whole is none") {
  for (const std::string text :
       {"", "2026-02-30", "2026-03-10T", "2026-03-10 12", "2026-03-10 12:5", "2026-03-10 24:00",
        "2026-03-10 12:60", "2026-03-10 12:00:61", "2026-03-10 12:00:00.", "2026-03-10 12:00:00,5",
        "2026-03-10 12:00 PM", "2026-03-10Z", "2026-03-10t12:00", "2026-03-10T12:00+15",
        "2026-03-10T12:00+01:60", "2026-03-10T12:00+1", "2026-03-10T-1:00"}) {
    CAPTURE(text);
    CHECK(time_of(text) == std::pair(kRefused, kRefused));
  }
}
