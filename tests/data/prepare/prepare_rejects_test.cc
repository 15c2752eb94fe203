#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "esmm/data/prepare/prepare.h"
#include "tests/data/prepare/prepared.h"

using esmm::Batch;
using esmm::data::Dataset;
using esmm::data::PrepareReport;
using esmm::test::bag;
using esmm::test::error_of;
using esmm::test::row_of;
using esmm::test::whole;
using esmm::test::Workshop;

TEST_CASE("every kind of bad line is rejected with its line and reason, and the rest loads") {
  const Workshop shop;
  shop.write("log.csv",
             "id,user,item,price,day,click,buy\n"
             "a,u1,1,1.5,1,1,1\n"
             "b,u1,x,1,1,1,0\n"
             "c,u1,1,cheap,1,1,0\n"
             "d,u1,1,1,1,2,0\n"
             "e,u1,1,1,1,1,yes\n"
             "f,u1,1,1,1,0,1\n"
             "a,u1,1,1,1,1,0\n"
             "g,u8,1,1,1,1,0\n"
             "h,u1,1,1,soon,1,0\n"
             "i,u1,1,1,1,0,0\n"
             "j,u1,1,1,3,true,False\n");
  shop.write("users.csv", "user,city\nu1,Rom\nu1,Bern\n,Oslo\n");
  const PrepareReport report = shop.prepare(R"(
  sources: [{name: log, paths: log.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: user, required: true}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 2}, test: {from: 3}}
  id: id
  max_rejected: 1
  fields:
    - {name: item, type: integer}
    - {name: price, kind: numeric, buckets: {method: log2}}
    - {name: city}
)");
  CHECK(report.lines_read == 11);
  CHECK(report.splits.at("train").impressions == 2);
  CHECK(report.splits.at("test").impressions == 1);
  CHECK(report.rejected == std::map<std::string, int64_t>{{"bad number in column item", 1},
                                                          {"bad number in column price", 1},
                                                          {"bad number in column day", 1},
                                                          {"label not 0 or 1 in column click", 1},
                                                          {"label not 0 or 1 in column buy", 1},
                                                          {"conversion without a click", 1},
                                                          {"duplicate id", 1},
                                                          {"no row in users for key", 1},
                                                          {"duplicate key in users", 1},
                                                          {"no key in column user", 1}});
  const auto lines = esmm::test::rejected_lines(shop.out() / "rejected.csv");
  CHECK(lines.size() == 10);
  CHECK(std::find(lines.begin(), lines.end(),
                  "3,\"bad number in column item: expected a whole number, got 'x'\",\"b,u1,x,1,1,1,0\"") !=
        lines.end());
  CHECK(Dataset(shop.out()).split("train").ids() == std::vector<std::string>{"a", "i"});
}

TEST_CASE("an empty label is no 0, and a date has no hour: both are told with what is wanted") {
  const Workshop shop;
  shop.write("log.csv",
             "item,at,click,buy\n"
             "1,2026-03-10 12:00,1,1\n"
             "2,2026-03-10 13:00,0,0\n"
             "1,2026-03-11 12:00,1,\n"
             "1,2026-03-11,1,0\n"
             "1,2026-03-11 14:00,0,0\n");
  const PrepareReport report = shop.prepare(R"(
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: at, train: {to: 2026-03-10}, test: {from: 2026-03-11}}
  derived: [{name: hour, column: at, hour_of: iso8601}]
  max_rejected: 1
  fields: [{name: item}, {name: hour}]
)");
  CHECK(report.rejected ==
        std::map<std::string, int64_t>{{"empty label in column buy (a no is written 0)", 1},
                                       {"bad time in column at (hour_of: iso8601)", 1}});
  CHECK(esmm::test::rejected_lines(shop.out() / "rejected.csv").at(1) ==
        "5,\"bad time in column at (hour_of: iso8601): expected YYYY-MM-DDThh:mm[:ss][Z or ±hh:mm], "
        "got '2026-03-11'\",\"1,2026-03-11,1,0\"");
}

TEST_CASE("conversions without a click are ANDed and counted where the config says so") {
  const Workshop shop;
  shop.write("log.csv", "item,day,click,buy\n1,1,1,1\n2,1,0,1\n3,1,0,0\n1,2,0,1\n");
  const PrepareReport report = shop.prepare(R"(
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy, conversion_requires_click: true}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields: [{name: item}]
)");
  CHECK(report.conversions_without_click == 2);
  CHECK(report.splits.at("train").conversions == 1);
  CHECK(report.splits.at("test").conversions == 0);
  CHECK(report.rejected.empty());
}

TEST_CASE("too many rejected lines stop the run and stay readable") {
  const Workshop shop;
  shop.write("log.csv", "item,day,click,buy\n1,1,1,1\n2,1,0,0\n3,1,7,0\n1,2,0,0\n");
  const std::string data = R"(
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields: [{name: item}]
)";
  CHECK_THROWS_WITH(shop.prepare(data + "  max_rejected: 0.2\n"),
                    Catch::Contains("too many lines of source log rejected") && Catch::Contains("1 of 4"));
  CHECK(esmm::test::rejected_lines(shop.folder / "out.rejected.csv").size() == 1);
  CHECK_FALSE(std::filesystem::exists(shop.out()));
  CHECK(shop.prepare(data + "  max_rejected: 0.25\n").splits.at("train").impressions == 2);
  CHECK_FALSE(std::filesystem::exists(shop.folder / "out.rejected.csv"));
}

TEST_CASE("the message of too many rejected lines says what was expected and what the first of them held") {
  const Workshop shop;
  shop.write("log.csv", "item,day,click,buy\n1,1,1,1\n2,soon,0,0\n3,later,1,0\n1,2,0,0\n");
  CHECK_THAT(error_of([&] {
               shop.prepare(R"(
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields: [{name: item}]
)");
             }),
             Catch::Contains("got 2 of 4: 2 × bad number in column day (expected a number, got 'soon'); "));
}

TEST_CASE("each source is judged by its own lines") {
  const Workshop shop;
  std::string log = "item,day,click,buy\n1,1,1,1\n1,2,0,0\n";
  for (int i = 0; i < 98; ++i) log += "1,1,0,0\n";
  shop.write("log.csv", log);
  shop.write("items.csv", "item,brand\n1,A\n,B\n2,C\n1,D\n");
  const std::string data = R"(
  sources: [{name: log, paths: log.csv}, {name: items, paths: items.csv}]
  joins: [{source: items, key: item}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields: [{name: brand}]
)";
  const std::string error = error_of([&] { shop.prepare(data + "  max_rejected: 0.4\n"); });
  CHECK_THAT(error, Catch::Contains("too many lines of source items rejected: expected at most 40 %") &&
                        Catch::Contains(
                            "got 2 of 4: 1 × duplicate key in items (got '1'), 1 × no key in column item; "));
  CHECK_THAT(error, !Catch::Contains("source log"));
  CHECK(shop.prepare(data + "  max_rejected: 0.5\n").lines_read == 100);
}

TEST_CASE("a common index of Ali-CCP that comes twice, in one file or two, keeps its first good row") {
  const auto ali = [](std::string text) {
    std::replace(text.begin(), text.end(), '|', '\x01');
    std::replace(text.begin(), text.end(), ':', '\x02');
    std::replace(text.begin(), text.end(), '=', '\x03');
    return text;
  };
  const Workshop workshop;
  workshop.write("train.csv", ali("1,0,0,aa,1,205:1=1.0\n2,1,1,bb,1,205:1=1.0\n3,1,0,cc,1,205:2=1.0\n"));
  workshop.write("test.csv", ali("4,0,0,aa,1,205:1=1.0\n"));
  workshop.write("common1.csv", ali("aa,1,101:1=1.0\nbb,1,101:2=1.0\naa,1,101:3=1.0\n"));
  workshop.write("common2.csv", ali("bb,1,101:4=1.0\ncc,2,101:5=1.0\ncc,1,101:6=1.0\n"));
  const PrepareReport report = workshop.prepare(R"(
  sources:
    - {name: a, format: ali_ccp, split: train, paths: train.csv, common: "common*.csv"}
    - {name: b, format: ali_ccp, split: test, paths: test.csv, common: common1.csv}
  labels: {click: click, conversion: conversion}
  split: {by: source}
  max_rejected: 1
  fields: [{name: "101", side: user}, {name: "205"}]
)");
  CHECK(report.rejected ==
        std::map<std::string, int64_t>{{"duplicate common index", 3}, {"feature count differs", 1}});
  CHECK(
      esmm::test::rejected_lines(workshop.out() / "rejected.csv") ==
      std::vector<std::string>{ali("3,duplicate common index,\"aa,1,101:3=1.0\""),
                               ali("1,duplicate common index,\"bb,1,101:4=1.0\""),
                               "2,\"feature count differs: expected 2, got 1\"," + ali("\"cc,2,101:5=1.0\""),
                               ali("3,duplicate common index,\"aa,1,101:3=1.0\"")});
  const Dataset dataset(workshop.out());
  const Batch batch = whole(dataset.split("train"));
  CHECK(bag(batch, 0, 0, 2) == std::vector<int32_t>{row_of(dataset, "101", "1")});
  CHECK(bag(batch, 1, 0, 2) == std::vector<int32_t>{row_of(dataset, "101", "2")});
  CHECK(bag(batch, 2, 0, 2) == std::vector<int32_t>{row_of(dataset, "101", "6")});
}
