#include "esmm/config/split_order.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using esmm::SplitConfig;
using esmm::SplitOrder;
using esmm::SplitRange;
using By = esmm::SplitOrder::By;
using Texts = std::vector<std::string>;

namespace {

SplitConfig split_of(const SplitRange& train, const SplitRange& test) {
  SplitConfig split;
  split.by = esmm::SplitBy::column;
  split.train = train;
  split.test = test;
  return split;
}

By by_of(const std::string& to, const std::string& from) {
  return SplitOrder(split_of({.to = to}, {.from = from})).by();
}

// Whether a range of a split with only this range holds a value; false too where the value has no place.
bool holds(const SplitRange& range, const std::string& text) {
  const SplitConfig split = split_of(range, {});
  const SplitOrder order(split);
  const auto value = order.value(text);
  if (!value) return false;
  for (const esmm::SplitInterval& interval : order.intervals(split.train)) {
    if (interval.holds(*value)) return true;
  }
  return false;
}

bool has_place(const std::string& bound, const std::string& text) {
  return SplitOrder(split_of({.to = bound}, {})).value(text).has_value();
}

Texts failed(const std::string& to, const std::string& from) {
  const SplitConfig split = split_of({.to = to}, {.from = from});
  Texts keys;
  for (const esmm::SplitBound& bound : esmm::failed_dates(split)) keys.push_back(bound.key);
  return keys;
}

}  // namespace

TEST_CASE("all bounds of a split decide together how values compare") {
  CHECK(by_of("3", "4.5") == By::number);
  CHECK(by_of("20260310", "20260311") == By::number);
  CHECK(by_of("2026-03-10", "2026-03-11") == By::day);
  CHECK(by_of("2026-03-10", "2026-03-11T12:00") == By::time);
  CHECK(by_of("2026-03-10 11:59:59Z", "2026-03-10 12:00:00+00:00") == By::time);
  CHECK(by_of("u6", "u9") == By::text);
  CHECK(by_of("3", "u9") == By::text);
  CHECK(by_of("3", "inf") == By::text);
  CHECK(SplitOrder(split_of({.values = {"1", "2"}}, {.values = {"3", "x"}})).by() == By::text);
  CHECK(SplitOrder(split_of({.values = {"2026-03-10"}}, {.from = "2026-03-11"})).by() == By::day);
}

TEST_CASE("a day holds all times of it, as they are written") {
  const SplitRange to{.to = "2026-03-10"}, from{.from = "2026-03-10"}, single{.values = {"2026-03-10"}};
  for (const std::string text : {"2026-03-10", "2026-03-10 00:00:00", "2026-03-10 23:15:00",
                                 "2026-03-10T23:59:59.999Z", "2026-03-10T23:15:00-05:00"}) {
    CAPTURE(text);
    CHECK(holds(to, text));
    CHECK(holds(from, text));
    CHECK(holds(single, text));
  }
  CHECK(holds(to, "2026-03-09T23:59:59Z"));
  CHECK_FALSE(holds(from, "2026-03-09T23:59:59Z"));
  CHECK_FALSE(holds(to, "2026-03-11 00:00:00"));
  CHECK_FALSE(holds(single, "2026-03-11 00:00:00"));
  CHECK(holds(to, "1969-12-31"));
  CHECK(holds({.from = "2025-12-31", .to = "2026-01-01"}, "2025-12-31 12:00:00"));
}

TEST_CASE("a bound holds all of the day, minute or second that it names") {
  const SplitRange hour{.from = "2026-03-10T12:00", .to = "2026-03-10T12:59"};
  CHECK_FALSE(holds(hour, "2026-03-10T11:59:59.999Z"));
  CHECK(holds(hour, "2026-03-10 12:00"));
  CHECK(holds(hour, "2026-03-10 12:59:59.999"));
  CHECK(holds(hour, "2026-03-10 12:59:60"));
  CHECK_FALSE(holds(hour, "2026-03-10 13:00:00"));
  CHECK(holds(hour, "2026-03-10T14:30:00+02:00"));
  const SplitRange second{.values = {"2026-03-10 12:00:07"}};
  CHECK(holds(second, "2026-03-10 12:00:07.5"));
  CHECK_FALSE(holds(second, "2026-03-10 12:00:08"));
  const SplitRange mixed{.from = "2026-03-10T12:00:00", .to = "2026-03-11"};
  CHECK(holds(mixed, "2026-03-11T23:59:59Z"));
  CHECK_FALSE(holds(mixed, "2026-03-12T00:00:00Z"));
}

TEST_CASE("a value that is no number, date or time has no place where bounds are") {
  for (const std::string text : {"", "u1", "05/03/2026", "2026-3-5", "2026-02-30", "20260310"}) {
    CAPTURE(text);
    CHECK_FALSE(has_place("2026-03-10", text));
    CHECK_FALSE(has_place("2026-03-10T12:00", text));
    CHECK(has_place("u5", text));
  }
  CHECK_FALSE(has_place("2026-03-10T12:00", "2026-03-10"));
  CHECK_FALSE(has_place("5", "2026-03-10"));
  CHECK_FALSE(has_place("5", ""));
}

TEST_CASE("dates among numbers, and numbers among dates, are told apart from what is neither") {
  const auto advice = [](const std::string& bound, const std::string& text) {
    return std::string(SplitOrder(split_of({.to = bound}, {})).advice(text));
  };
  CHECK(advice("20260310", "2026-03-10 12:00:00") == "a date: write data.split's bounds as dates too");
  CHECK(advice("5", "10/03/2026") == "a date: write data.split's bounds as dates too");
  CHECK(advice("2026-03-10", "1773100800") == "a number: write data.split's bounds as numbers too");
  CHECK(advice("2026-03-10T12:00", "1773100800.5") == "a number: write data.split's bounds as numbers too");
  for (const std::string text : {"", "u1"}) {
    CHECK(advice("5", text).empty());
    CHECK(advice("2026-03-10", text).empty());
  }
}

TEST_CASE("texts compare byte by byte, numbers by their value") {
  CHECK(holds({.from = "a", .to = "b"}, "az"));
  CHECK_FALSE(holds({.from = "a", .to = "b"}, "ba"));
  CHECK(holds({.to = "u6"}, ""));
  CHECK(holds({.values = {"x", ""}}, ""));
  CHECK(holds({.from = "9", .to = "10"}, "9.5"));
  CHECK(holds({.values = {"1.0"}}, "1"));
}

TEST_CASE("a bound that is meant as a date but is none is found") {
  for (const std::string text :
       {"2026-3-10", "2026-13-45", "2026-02-30", "10/03/2026", "10.03.2026", "3/10/2026 12:00", "2026/03/10",
        "10/03/26", "2026-03-10T25:00", "2026-03-10 noon", "2026-03-10 12:00:00.5", " 2026-03-10"}) {
    CAPTURE(text);
    CHECK(failed(text, "") == Texts{"train.to"});
    CHECK(failed("2026-03-01", text) == Texts{"test.from"});
    CHECK(esmm::looks_like_date(text));
  }
  for (const std::string text : {"20260310", "2026-03", "latest"}) {
    CAPTURE(text);
    CHECK(failed("2026-03-01", text) == Texts{"test.from"});
    CHECK(failed(text, "").empty());
    CHECK_FALSE(esmm::looks_like_date(text));
  }
  CHECK(failed("2026-3-10", "11/03/2026") == Texts{"train.to", "test.from"});
  for (const std::string text : {"u6", "1.10.3", "2026-03-10-eu", "a/b/c", "2026-W11", "1-2-2026x", ""})
    CHECK_FALSE(esmm::looks_like_date(text));
}

TEST_CASE("the key of each bound is told") {
  SplitConfig split = split_of({.from = "1", .to = "2"}, {.values = {"4", "5"}});
  split.validation.to = "3";
  Texts keys;
  for (const esmm::SplitBound& bound : esmm::bounds_of(split))
    keys.push_back(bound.key + '=' + std::string(bound.text));
  CHECK(keys ==
        Texts{"train.from=1", "train.to=2", "validation.to=3", "test.values[0]=4", "test.values[1]=5"});
}
