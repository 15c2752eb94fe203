#include "esmm/data/prepare/column_plan.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/data/prepare/prepared.h"

using esmm::ConfigError;
using esmm::data::plan_columns;
using esmm::data::RawPlan;
using esmm::test::Workshop;
using Names = std::vector<std::string>;

namespace {

constexpr const char* kData = R"(
  sources: [{name: log, paths: [a.csv, b.csv]}, {name: users, paths: users.csv}]
  joins: [{source: users, key: user, right_key: id}]
  derived: [{name: hour, column: time, divide: 100}, {name: decade, column: age, divide: 10}]
  labels: {click: click, conversion: buy}
  fields:
    - {name: user}
    - {name: hour}
    - {name: decade}
    - {name: city}
    - {name: city_decade, kind: crossed, cross: [city, decade]}
    - {name: city_hour, kind: crossed, cross: [city, hour]}
)";

Workshop& with_files(Workshop& shop) {
  shop.write("a.csv", "user,time,city,click,buy\n");
  shop.write("b.csv", "buy,click,time,user,city\n");
  shop.write("users.csv", "id,age,city\n");
  return shop;
}

RawPlan plan(const Workshop& shop, const std::string& data, bool labels = true) {
  const esmm::Config config = shop.config(data);
  return plan_columns(config.data, config.data.fields, labels);
}

std::vector<int64_t> fields_of(const esmm::data::PlacePlan& place) {
  std::vector<int64_t> fields;
  for (const auto& placed : place.fields) fields.push_back(placed.field);
  return fields;
}

}  // namespace

TEST_CASE("fields are made where their columns are, and an impression's column wins") {
  Workshop shop;
  const RawPlan result = plan(with_files(shop), kData);
  CHECK(fields_of(result.impressions) == std::vector<int64_t>{0, 1, 3, 4, 5});  // city is in both
  REQUIRE(result.tables.size() == 1);
  CHECK(fields_of(result.tables[0]) == std::vector<int64_t>{2});
  CHECK(result.tables[0].raw == Names{"age", "id"});
  CHECK(result.tables[0].derived.size() == 1);
  CHECK(result.tables[0].kept.size() == 1);  // the decade's text, for the cross with the impression's city
}

TEST_CASE("a column is to have one value but where fields with several values alone read it") {
  Workshop shop;
  with_files(shop);
  const auto single = [&](const std::string& users, const std::string& places) {
    const std::string fields = ", kind: multi, separator: \" \"}\n";
    const RawPlan result = plan(shop, R"(
  sources: [{name: log, paths: a.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: user, right_key: id}]
  derived: [{name: hour, column: time, divide: 100}]
  labels: {click: click, conversion: buy}
  fields:
    - {name: hour}
    - {name: several, column: )" + users + fields +
                                          "    - {name: others, column: " + places + fields);
    Names names;
    for (const auto* place : {static_cast<const esmm::data::PlacePlan*>(&result.impressions),
                              static_cast<const esmm::data::PlacePlan*>(&result.tables[0])}) {
      for (const size_t column : place->single) names.push_back(place->raw[column]);
    }
    std::sort(names.begin(), names.end());
    return names;
  };
  const Names all{"buy", "click", "id", "time", "user"};
  CHECK(single("city", "age") == all);   // neither is among them
  CHECK(single("time", "user") == all);  // what an hour is made of, the key of a join
  CHECK(single("id", "city") == all);    // its other side
}

TEST_CASE("a cross of two joined columns is made at the table") {
  Workshop shop;
  with_files(shop);
  shop.write("a.csv", "user,time,click,buy\n");
  shop.write("b.csv", "user,time,click,buy\n");
  const RawPlan result = plan(shop, kData);
  CHECK(fields_of(result.tables[0]) == std::vector<int64_t>{2, 3, 4});
  CHECK(fields_of(result.impressions) == std::vector<int64_t>{0, 1, 5});
}

TEST_CASE("every file must have the columns") {
  Workshop shop;
  with_files(shop);
  shop.write("b.csv", "user,time,city,click\n");
  CHECK_THROWS_WITH(plan(shop, kData), Catch::Contains("b.csv") && Catch::Contains("buy"));
  CHECK_THROWS_AS(plan(shop, kData), ConfigError);
}

TEST_CASE("where a column is missing and a header is a single one, the delimiter is the first suspect") {
  Workshop shop;
  with_files(shop);
  for (const auto& [text, delimiter] : {std::pair{"user;time;city;click;buy\n", "\";\""},
                                        std::pair{"user\ttime\tcity\tclick\tbuy\n", "\"\\t\""}}) {
    shop.write("a.csv", text);
    const std::string said = (shop.folder / "a.csv").string() +
                             ": the header is a single column: expected columns parted by \",\", got " +
                             delimiter + " in its name; ";
    CHECK(esmm::test::error_of([&] { plan(shop, kData); }) ==
          said + "set the source's delimiter to " + delimiter);
    CHECK(esmm::test::error_of([&] { plan(shop, kData, false); }) ==
          said + "part them so: a model reads files that are like those of its training");
  }
  with_files(shop);
  shop.write("b.csv", "user;time;city;click;buy\n");
  CHECK(esmm::test::error_of([&] { plan(shop, kData); }) ==
        (shop.folder / "b.csv").string() +
            ": the header is a single column: expected columns parted by \",\", got \";\" in its name; write "
            "it as " +
            (shop.folder / "a.csv").string() + ", or make it a source of its own");
}

TEST_CASE("beside a wrong delimiter, what it does not explain is told too") {
  Workshop shop;
  with_files(shop);
  shop.write("a.csv", "user;time;city;click;buy\n");
  std::string data = kData;
  data.replace(data.find("click: click"), 12, "click: clik");
  const std::string delimiter = (shop.folder / "a.csv").string() + ": the header is a single column";
  const std::string typo = "\ndata.labels.click: no source has a column \"clik\"; did you mean \"click\"?";
  CHECK_THAT(esmm::test::error_of([&] { plan(shop, data); }),
             Catch::StartsWith(delimiter) && Catch::EndsWith(typo));
}

TEST_CASE("a wrong delimiter explains no column that has to be in another source") {
  Workshop shop;
  with_files(shop);
  shop.write("a.csv", "id;user;time;city;click;buy\n");
  shop.write("b.csv", "id;user;time;city;click;buy\n");
  shop.write("users.csv", "key,age\n");
  CHECK_THAT(esmm::test::error_of([&] { plan(shop, kData); }),
             Catch::Contains("data.joins.users.right_key: source users has no column \"id\""));
}

TEST_CASE("a missing column that no wrong delimiter explains is told alone") {
  Workshop shop;
  with_files(shop);
  shop.write("seen.csv", "id;key\n");
  CHECK(esmm::test::error_of([&] {
          plan(shop, R"(
  sources: [{name: log, paths: a.csv}, {name: seen, paths: seen.csv}]
  joins: [{source: seen, key: user, right_key: "id;key"}]
  labels: {click: clik, conversion: buy}
  fields: [{name: user}]
)");
        }) == "data.labels.click: no source has a column \"clik\"; did you mean \"click\"?");
}

TEST_CASE("a single column that holds a delimiter is read where it is the one that is wanted") {
  Workshop shop;
  with_files(shop);
  shop.write("seen.csv", "id;key\n");
  CHECK_NOTHROW(plan(shop, R"(
  sources: [{name: log, paths: a.csv}, {name: seen, paths: seen.csv}]
  joins: [{source: seen, key: user, right_key: "id;key"}]
  labels: {click: click, conversion: buy}
  fields: [{name: user}]
)"));
}

TEST_CASE("a key that no source has is told in one line, where it is given") {
  Workshop shop;
  with_files(shop);
  std::string data = kData;
  data.replace(data.find("key: user, right_key: id"), 24, "key: usre");
  const std::string problem = esmm::test::error_of([&] { plan(shop, data); });
  CHECK_THAT(problem, Catch::Contains("data.joins.users.key") && Catch::Contains("\"user\""));
  CHECK(std::count(problem.begin(), problem.end(), '\n') == 0);
}

TEST_CASE("a key that is in the joined source alone is told with where it is") {
  Workshop shop;
  with_files(shop);
  std::string data = kData;
  data.replace(data.find("key: user, right_key: id"), 24, "key: id");
  CHECK(esmm::test::error_of([&] { plan(shop, data); }) ==
        "data.joins.users.key: column \"id\" is in source users, not in the impressions; key names the "
        "impressions' column, right_key the source's");
}

TEST_CASE("a column of two joined sources is refused") {
  Workshop shop;
  with_files(shop);
  shop.write("more.csv", "user,age\n");
  std::string data = kData;
  data.replace(data.find("{name: users"), 0, "{name: more, paths: more.csv}, ");
  data.replace(data.find("{source: users"), 0, "{source: more, key: user}, ");
  CHECK_THROWS_WITH(plan(shop, data), Catch::Contains("column \"age\" is in two joined sources"));
}

TEST_CASE("scoring wants no labels and no source that only they need") {
  Workshop shop;
  with_files(shop);
  shop.write("a.csv", "user,time,city\n");
  shop.write("b.csv", "user,time,city\n");
  CHECK_FALSE(plan(shop, kData, false).click.has_value());
  CHECK_THROWS_WITH(plan(shop, kData, true), Catch::Contains("\"click\"") && Catch::Contains("\"buy\""));

  shop.write("sales.csv", "sale,bought\n");
  const std::string with_sales = R"(
  sources: [{name: log, paths: a.csv}, {name: sales, paths: sales.csv}]
  joins: [{source: sales, key: sale}]
  labels: {click: city, conversion: bought}
  fields: [{name: user}]
)";
  CHECK_FALSE(plan(shop, with_sales, false).tables[0].used);  // though the log has no key for it
  CHECK_THROWS_WITH(plan(shop, with_sales, true), Catch::Contains("\"sale\" is in source sales"));
  shop.write("a.csv", "user,city,sale\n");
  CHECK(plan(shop, with_sales, true).tables[0].used);
}

TEST_CASE("Ali-CCP's features are the user's common ones or the skeleton's, and its labels are fixed") {
  Workshop shop;
  shop.write("s.csv", "");
  shop.write("c.csv", "");
  shop.write("truth.csv", "sample_id,p1,p2\n");
  const std::string data = R"(
  sources: [{name: log, format: ali_ccp, paths: s.csv, common: c.csv}, {name: truth, paths: truth.csv}]
  joins: [{source: truth, key: sample_id}]
  labels: {click: click, conversion: conversion}
  truth: {p_ctr: p1, p_cvr: p2}
  group_by: "101"
  fields: [{name: "101", side: user}, {name: "205", side: item}, {name: "508", kind: multi, weights: "508__weights"}]
)";
  const RawPlan result = plan(shop, data);
  REQUIRE(result.tables.size() == 2);
  CHECK(result.tables[1].common);
  CHECK(result.tables[1].raw == Names{"101", "common_index"});
  CHECK(result.impressions.raw ==
        Names{"click", "conversion", "205", "508", "508__weights", "sample_id", "common_index"});
  CHECK(result.group->table == 1);
  std::string typo = data;
  typo.replace(typo.find("click: click"), 12, "click: clik");
  CHECK_THROWS_WITH(plan(shop, typo), Catch::Contains("did you mean \"click\""));
}

TEST_CASE("a multi field without a separator needs a column that can be a list") {
  Workshop shop;
  with_files(shop);
  const std::string data = R"(
  sources: [{name: log, paths: "a*"}]
  labels: {click: click, conversion: buy}
  fields: [{name: city, kind: multi)";
  CHECK_THROWS_WITH(
      plan(shop, data + "}]\n"),
      Catch::Contains("data.fields.city.separator: missing: expected what parts the values of column "
                      "city, which is no list; only a Parquet column can be a list"));
  CHECK_NOTHROW(plan(shop, data + ", separator: \"|\"}]\n"));
}

TEST_CASE("columns that no source has are told at once, with the nearest") {
  const Workshop shop;
  shop.write("log.csv", "user,item,click,buy\n");
  shop.write("users.csv", "user,city\n");
  try {
    plan(shop, R"(
  sources: [{name: log, paths: log.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: usr}]
  labels: {click: clik, conversion: buy}
  fields: [{name: itme}, {name: city}]
)");
    FAIL("planned");
  } catch (const esmm::ConfigError& error) {
    const std::string text = error.what();
    CAPTURE(text);
    CHECK(text.find("no source has a column \"clik\"") != std::string::npos);
    CHECK(text.find("did you mean \"click\"") != std::string::npos);
    CHECK(text.find("did you mean \"item\"") != std::string::npos);
    CHECK(text.find("\"usr\"") != std::string::npos);
  }
}
