#include "esmm/data/prepare/prepare.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <map>

#include "esmm/features/field_encoder.h"
#include "tests/data/prepare/prepared.h"

using esmm::Batch;
using esmm::data::Dataset;
using esmm::data::PrepareReport;
using esmm::test::bag;
using esmm::test::error_of;
using esmm::test::row_of;
using esmm::test::unknown_row;
using esmm::test::whole;
using esmm::test::Workshop;
using Rows = std::vector<int32_t>;

namespace {

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
  CHECK(report.unmatched == std::map<std::string, int64_t>{{"users", 0}});

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

TEST_CASE("training impressions that find no row in a joined source are counted") {
  const Workshop shop;
  shop.write("log.csv", kLog);
  shop.write("users.csv", "user,city,seen\nU1,Rom,2 2 7\nu2,Oslo,\n");
  CHECK(shop.prepare(kPrepareConfig).unmatched.at("users") == 2);  // both of u1
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
