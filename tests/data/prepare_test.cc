#include "esmm/data/prepare.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <map>

#include "esmm/features/field_encoder.h"
#include "tests/data/prepared.h"

using esmm::Batch;
using esmm::data::Dataset;
using esmm::data::PrepareReport;
using esmm::test::bag;
using esmm::test::error_of;
using esmm::test::whole;
using esmm::test::Workshop;
using Rows = std::vector<int32_t>;

namespace {

// Table row of a field's text in a data set.
int32_t row_of(const Dataset& dataset, const std::string& field, const std::string& text) {
  const esmm::Schema& schema = dataset.info().schema;
  const int64_t f = schema.index_of(field);
  return dataset.vocabulary().row_of(esmm::feature_key(text, schema.seed_of(f)), f);
}

int32_t unknown_row(const Dataset& dataset, const std::string& field) {
  const esmm::Schema& schema = dataset.info().schema;
  return static_cast<int32_t>(dataset.info().table_rows - schema.size() + schema.index_of(field));
}

constexpr const char* kLog =
    "user,item,day,click,buy\n"
    "u1,01,1,1,1\n"
    "u1,2,1,0,0\n"
    "u2,1.0,2,1,0\n"
    "u3,3,3,1,1\n"   // test
    "u9,2,3,0,0\n"   // test, a user without a row
    "u1,1,9,1,1\n";  // left out

constexpr const char* kUsers =
    "user,city,seen\n"
    "u1,Rom,2 2 7\n"
    "u2,Oslo,\n"
    "u3,Bern,8\n"
    "u4,Wien,1\n";

constexpr const char* kPrepareConfig = R"(
  sources: [{name: log, paths: log.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: user}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 2}, test: {from: 3, to: 3}}
  group_by: user
  max_rejected: 1
  fields:
    - {name: user}
    - {name: item, type: integer}
    - {name: city}
    - {name: seen, kind: multi, type: integer, separator: " ", shares: item}
    - {name: city_item, kind: crossed, cross: [city, item]}
)";

PrepareReport prepare_joined(const Workshop& shop, const std::string& more = "") {
  shop.write("log.csv", kLog);
  shop.write("users.csv", kUsers);
  return shop.prepare(kPrepareConfig + more);
}

}  // namespace

TEST_CASE("prepare joins, splits and counts") {
  const Workshop shop;
  const PrepareReport report = prepare_joined(shop);
  CHECK(report.lines_read == 6);
  CHECK(report.left_out == 1);
  CHECK(report.rejected.empty());
  CHECK(report.splits.at("train").impressions == 3);
  CHECK(report.splits.at("train").clicks == 2);
  CHECK(report.splits.at("train").conversions == 1);
  CHECK(report.splits.at("test").impressions == 2);
  CHECK_FALSE(report.splits.contains("validation"));

  const Dataset dataset(shop.out());
  CHECK(dataset.info().table_rows == report.table_rows);
  const Batch train = whole(dataset.split("train"));
  CHECK(train.click == std::vector<float>{1, 0, 1});
  CHECK(train.conversion == std::vector<float>{1, 0, 0});
  CHECK(bag(train, 0, 0, 5) == Rows{row_of(dataset, "user", "u1")});
  CHECK(bag(train, 0, 1, 5) == Rows{row_of(dataset, "item", "1")});
  CHECK(bag(train, 2, 1, 5) == bag(train, 0, 1, 5));
  CHECK(bag(train, 0, 2, 5) == Rows{row_of(dataset, "city", "Rom")});
  CHECK(bag(train, 0, 3, 5) ==
        Rows{row_of(dataset, "item", "2"), row_of(dataset, "item", "2"), row_of(dataset, "item", "7")});
  CHECK(bag(train, 2, 3, 5).empty());
  CHECK(bag(train, 0, 4, 5) == Rows{row_of(dataset, "city_item",
                                           "Rom\x1f"
                                           "1")});
  CHECK(dataset.split("train").lines() == std::vector<int64_t>{2, 3, 4});
  const std::vector<int64_t> groups = dataset.split("train").groups();
  CHECK(groups[0] == groups[1]);
  CHECK(groups[0] != groups[2]);
}

TEST_CASE("what only test impressions join or hold is unknown") {
  const Workshop shop;
  prepare_joined(shop);
  const Dataset dataset(shop.out());
  const Batch test = whole(dataset.split("test"));
  for (const std::string field : {"user", "item", "city", "seen", "city_item"}) {
    CAPTURE(field);
    const int64_t f = dataset.info().schema.index_of(field);
    CHECK(bag(test, 0, f, 5) == Rows{unknown_row(dataset, field)});
  }
  CHECK(bag(test, 1, 2, 5) ==
        Rows{unknown_row(dataset, "city")});  // the missing city: no training impression lacks one
  CHECK(bag(test, 1, 3, 5).empty());
  CHECK(bag(test, 1, 1, 5) == Rows{row_of(dataset, "item", "2")});
}

TEST_CASE("a joined row counts once per training impression that joins it") {
  // item 2: once as itself, and twice in the history of u1, whose row two training impressions join: 5. Item
  // 1: 2 + 0. Item 7: 2.
  const Workshop shop;
  prepare_joined(shop, "  vocabulary: {min_frequency: 3}\n");
  {
    const Dataset dataset(shop.out());
    CHECK(row_of(dataset, "item", "2") != unknown_row(dataset, "item"));
    CHECK(row_of(dataset, "item", "1") == unknown_row(dataset, "item"));
    CHECK(row_of(dataset, "item", "7") == unknown_row(dataset, "item"));
    CHECK(dataset.info().table_rows == 1 + 5);
  }
  prepare_joined(shop, "  vocabulary: {min_frequency: 2}\n");
  const Dataset dataset(shop.out());  // user u1, items 1, 2, 7, Rom
  CHECK(dataset.info().table_rows == 5 + 5);
  CHECK(row_of(dataset, "city", "Rom") != unknown_row(dataset, "city"));
  CHECK(row_of(dataset, "city", "Oslo") == unknown_row(dataset, "city"));
  const Batch train = whole(dataset.split("train"));
  CHECK(bag(train, 2, 2, 5) == Rows{unknown_row(dataset, "city")});
}

TEST_CASE("hashed rows are the keys' low bits") {
  const Workshop shop;
  const PrepareReport report = prepare_joined(shop, "  vocabulary: {mode: hashed, hash_bits: 6}\n");
  CHECK(report.table_rows == 64);
  const Dataset dataset(shop.out());
  const Batch test = whole(dataset.split("test"));
  const esmm::Schema& schema = dataset.info().schema;
  CHECK(bag(test, 0, 2, 5) == Rows{static_cast<int32_t>(esmm::feature_key("Bern", schema.seed_of(2)) & 63)});
}

TEST_CASE("more hash bits than table rows can have are refused") {
  const Workshop shop;
  CHECK_THROWS_AS(prepare_joined(shop, "  vocabulary: {mode: hashed, hash_bits: 31}\n"), esmm::ConfigError);
}

TEST_CASE("the same input gives the same bytes") {
  const Workshop shop;
  prepare_joined(shop);
  const auto first = esmm::test::bytes_of(shop.out());
  prepare_joined(shop);
  CHECK(esmm::test::bytes_of(shop.out()) == first);
  CHECK(first.size() == 6);  // dataset.json, rejected.csv, vocabulary, a table, two shards
}

TEST_CASE("the number of threads changes no byte, of rejected lines neither") {
  std::string log = "id,user,item,day,click,buy,price\n", users = "user,city,seen\n";
  for (int i = 0; i < 90'000; ++i) {
    log += std::to_string(i % 89'000) + ",u" + std::to_string(i % 700) + "," + std::to_string(i * 7 % 3001) +
           "," + std::to_string(i * 13 % 11) + "," + std::to_string(i % 3 == 0) + "," +
           std::to_string(i % 6 == 0) + "," + std::to_string(i % 501) + ".5\n";
    if (i % 1000 == 77) log += "short," + std::to_string(i) + "\n";
    if (i % 1500 == 5) log += std::to_string(-i) + ",u1,1,1,what,0,1\n";
  }
  for (int i = 0; i < 70'000; ++i) users += fmt::format("u{},c{},{} 7\n", i % 69'500, i % 40, i);
  const Workshop workshop;
  workshop.write("log.csv", log);
  workshop.write("users.csv", users);
  const esmm::Config config = workshop.config(R"(
  sources: [{name: log, paths: log.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: user}]
  labels: {click: click, conversion: buy, conversion_requires_click: true}
  split: {by: fraction, validation_fraction: 0.1, test_fraction: 0.2, seed: 3}
  group_by: user
  id: id
  max_rejected: 1
  vocabulary: {min_frequency: 3}
  fields:
    - {name: user}
    - {name: item}
    - {name: price, kind: numeric, buckets: {method: quantiles, count: 9}}
    - {name: city}
    - {name: seen, kind: multi, separator: " ", shares: item}
)");
  const PrepareReport report = esmm::data::prepare(config, workshop.out(), {.threads = 1});
  CHECK(report.lines_read == 90'150);
  CHECK(report.rejected == std::map<std::string, int64_t>{{"duplicate id", 1000},
                                                          {"duplicate key in users", 500},
                                                          {"label not 0 or 1 in column click", 60},
                                                          {"wrong column count", 90}});
  const auto bytes = esmm::test::bytes_of(workshop.out());
  for (const int threads : {2, 5}) {
    esmm::data::prepare(config, workshop.out(), {.threads = threads});
    CHECK(esmm::test::bytes_of(workshop.out()) == bytes);
  }
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
  CHECK(bag(batch, 0, 0, 2) == Rows{row_of(dataset, "101", "1")});
  CHECK(bag(batch, 1, 0, 2) == Rows{row_of(dataset, "101", "2")});
  CHECK(bag(batch, 2, 0, 2) == Rows{row_of(dataset, "101", "6")});
}

TEST_CASE("a failure leaves the old data set and nothing beside it") {
  const Workshop shop;
  prepare_joined(shop);
  const auto before = esmm::test::bytes_of(shop.out());
  shop.write("log.csv", "user,item,day,click,buy\nu1,1,1,0,0\nu1,1,3,1,1\n");
  CHECK(error_of([&] { shop.prepare(kPrepareConfig); }).find("no training impression was clicked") !=
        std::string::npos);
  CHECK(esmm::test::bytes_of(shop.out()) == before);
  size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(shop.folder.path()))
    ++entries;
  CHECK(entries == 3);  // log, users, out
}

TEST_CASE("a folder that is no data set is refused before anything is read") {
  const Workshop shop;
  shop.write("out/thesis.txt", "precious");
  try {
    prepare_joined(shop);
    FAIL("prepared");
  } catch (const esmm::ConfigError& error) {
    CHECK(std::string(error.what()).find("is no data set and not empty") != std::string::npos);
  }
  CHECK(esmm::read_file(shop.out() / "thesis.txt") == "precious");
}

TEST_CASE("columns that no source has are told at once, with the nearest") {
  const Workshop shop;
  shop.write("log.csv", kLog);
  shop.write("users.csv", kUsers);
  try {
    shop.prepare(R"(
  sources: [{name: log, paths: log.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: usr}]
  labels: {click: clik, conversion: buy}
  fields: [{name: itme}, {name: city}]
)");
    FAIL("prepared");
  } catch (const esmm::ConfigError& error) {
    const std::string text = error.what();
    CAPTURE(text);
    CHECK(text.find("no source has a column \"clik\"") != std::string::npos);
    CHECK(text.find("did you mean \"click\"") != std::string::npos);
    CHECK(text.find("did you mean \"item\"") != std::string::npos);
    CHECK(text.find("\"usr\"") != std::string::npos);
  }
}

TEST_CASE("quantiles are those of training impressions, a joined row counting per impression") {
  const Workshop shop;
  // Prices of training impressions: a, a, a, b, c -> 1 1 1 5 9; the median (place 5 / 2 = 2) is 1, which
  // nothing lies below; with 5 buckets the places 1 2 3 4 give 1 1 5 9, so the edges are 5 and 9. The ages 10
  // 20 30 40 50 give all four edges but the least.
  shop.write(
      "log.csv",
      "item,age,day,click,buy\na,10,1,1,1\na,20,1,0,0\na,30,1,0,0\nb,40,1,0,0\nc,50,1,0,0\nd,1000,2,0,0\n");
  shop.write("items.csv", "item,price\na,1\nb,5\nc,9\nd,100\ne,\n");
  shop.prepare(R"(
  sources: [{name: log, paths: log.csv}, {name: items, paths: items.csv}]
  joins: [{source: items, key: item}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields:
    - {name: price, kind: numeric, buckets: {method: quantiles, count: 5}}
    - {name: age, kind: numeric, buckets: {method: quantiles, count: 5}}
)");
  const Dataset dataset(shop.out());
  CHECK(dataset.info().schema.fields[0].buckets.edges == std::vector<double>{5, 9});
  CHECK(dataset.info().schema.fields[1].buckets.edges == std::vector<double>{20, 30, 40, 50});
  const Batch train = whole(dataset.split("train"));
  CHECK(bag(train, 0, 0, 2) == Rows{row_of(dataset, "price", "0")});
  CHECK(bag(train, 4, 0, 2) == Rows{row_of(dataset, "price", "2")});
  const Batch test = whole(dataset.split("test"));
  CHECK(bag(test, 0, 0, 2) == Rows{row_of(dataset, "price", "2")});
  CHECK(bag(test, 0, 1, 2) == Rows{row_of(dataset, "age", "4")});
}
