#include <catch2/catch.hpp>

#include <cmath>
#include <map>
#include <string>

#include "esmm/data/prepare/prepare.h"
#include "tests/data/prepare/prepared.h"

using esmm::data::Dataset;
using esmm::test::Workshop;

TEST_CASE("an empty split is an error that says which values the column has") {
  const Workshop shop;
  shop.write("log.csv", "item,day,click,buy\n1,9,1,1\n2,10,0,0\n3,9,0,0\n");
  CHECK_THROWS_WITH(shop.prepare(R"(
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 10}, test: {from: 11}}
  fields: [{name: item}]
)"),
                    Catch::Contains("split test is empty") && Catch::Contains("column day from 9 to 10"));
}

TEST_CASE("a seeded fraction splits about right and by number alone") {
  const Workshop shop;
  std::string log = "item,click,buy\n";
  for (int i = 0; i < 10'000; ++i) log += std::to_string(i % 7) + (i % 2 == 0 ? ",1,1\n" : ",0,0\n");
  shop.write("log.csv", log);
  shop.write("log_a.csv", log.substr(0, 15 + 6 * 777));
  shop.write("log_b.csv", "item,click,buy\n" + log.substr(15 + 6 * 777));
  const auto data = [](const std::string& paths, const std::string& seed) {
    return "  sources: [{name: log, paths: " + paths +
           "}]\n  labels: {click: click, conversion: buy}\n"
           "  split: {by: fraction, validation_fraction: 0.1, test_fraction: 0.2, seed: " +
           seed + "}\n  fields: [{name: item}]\n";
  };
  const auto one = shop.prepare(data("log.csv", "5")).splits;
  CHECK(std::abs(one.at("test").impressions - 2000) < 150);
  CHECK(std::abs(one.at("validation").impressions - 1000) < 120);
  const auto clicks = Dataset(shop.out()).split("test").clicks();
  shop.prepare(data("[log_a.csv, log_b.csv]", "5"));
  CHECK(Dataset(shop.out()).split("test").clicks() == clicks);
  shop.prepare(data("log.csv", "6"));
  CHECK(Dataset(shop.out()).split("test").clicks() != clicks);
}

TEST_CASE("a split by dates holds whole days, and rejects what is no date") {
  const Workshop shop;
  shop.write("log.csv",
             "item,day,click,buy\n"
             "1,2026-03-10,1,1\n"
             "2,2026-03-10 23:15:00,0,0\n"
             "1,2026-03-11T00:00:00Z,0,0\n"  // left out
             "1,2026-03-12T23:15:00Z,0,0\n"  // test
             "1,,0,0\n"
             "1,05/03/2026,0,0\n"
             "1,2026-3-5,0,0\n"
             "1,2026-03-10 99:99,0,0\n"
             "1,20260305,0,0\n"
             "1,20260305,0,0\n");
  const auto report = shop.prepare(R"(
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 2026-03-10}, test: {values: [2026-03-12]}}
  max_rejected: 1
  fields: [{name: item}]
)");
  CHECK(report.splits.at("train").impressions == 2);
  CHECK(report.splits.at("test").impressions == 1);
  CHECK(report.left_out == 1);
  CHECK(report.rejected ==
        std::map<std::string, int64_t>{
            {"bad date in column day", 4},
            {"bad date in column day (a number: write data.split's bounds as numbers too)", 2}});
  CHECK(esmm::test::rejected_lines(shop.out() / "rejected.csv").at(1) ==
        "7,\"bad date in column day: expected YYYY-MM-DD, with or without a time, got '05/03/2026'\","
        "\"1,05/03/2026,0,0\"");
}

TEST_CASE("bounds that are numbers and a column of dates are told with what to do") {
  const Workshop shop;
  shop.write("log.csv", "item,day,click,buy\n1,2026-03-10,1,1\n2,2026-03-11,0,0\n");
  CHECK_THROWS_WITH(
      shop.prepare(R"(
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 20260310}, test: {from: 20260311}}
  fields: [{name: item}]
)"),
      Catch::Contains("2 × bad number in column day (a date: write data.split's bounds as dates too)"));
}

TEST_CASE("a split within a day goes by the time") {
  const Workshop shop;
  shop.write("log.csv",
             "item,at,click,buy\n"
             "1,2026-03-10 11:59:59,1,1\n"
             "2,2026-03-10T13:30:00+02:00,0,0\n"  // 11:30 UTC
             "1,2026-03-10T12:00:00Z,0,0\n"
             "1,2026-03-10,0,0\n");
  const auto report = shop.prepare(R"(
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: at, train: {to: "2026-03-10 11:59"}, test: {from: "2026-03-10 12:00"}}
  max_rejected: 1
  fields: [{name: item}]
)");
  CHECK(report.splits.at("train").impressions == 2);
  CHECK(report.splits.at("test").impressions == 1);
  CHECK(report.rejected == std::map<std::string, int64_t>{{"bad time in column at", 1}});
}

TEST_CASE("bounds that are neither numbers nor dates compare as text") {
  const Workshop shop;
  shop.write("log.csv", "item,shop,click,buy\n1,aa,1,1\n2,,0,0\n1,b,0,0\n1,b,0,0\n1,aa,0,0\n1,c,0,0\n");
  const auto report = shop.prepare(R"(
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: shop, train: {to: ab}, test: {values: [c]}}
  fields: [{name: item}]
)");
  CHECK(report.splits.at("train").impressions == 3);
  CHECK(report.splits.at("test").impressions == 1);
  CHECK(report.left_out == 2);
}

TEST_CASE("sources name their split") {
  const Workshop shop;
  shop.write("a.csv", "item,click,buy\n1,1,1\n2,0,0\n");
  shop.write("b.csv", "item,click,buy\n1,1,0\n");
  const auto report = shop.prepare(R"(
  sources: [{name: a, paths: a.csv, split: train}, {name: b, paths: b.csv, split: test}]
  labels: {click: click, conversion: buy}
  split: {by: source}
  fields: [{name: item}]
)");
  CHECK(report.splits.at("train").impressions == 2);
  CHECK(report.splits.at("test").impressions == 1);
}
