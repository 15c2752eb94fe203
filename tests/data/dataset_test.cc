#include "esmm/data/dataset.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "tests/data/prepare/prepared.h"

using esmm::Batch;
using esmm::data::Dataset;
using esmm::test::bag;
using esmm::test::error_of;
using esmm::test::whole;
using esmm::test::Workshop;

namespace {

constexpr const char* kMappedData = R"(
  sources: [{name: log, paths: log.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: user}]
  labels: {click: click, conversion: buy}
  truth: {p_ctr: p1, p_cvr: p2}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields:
    - {name: item}
    - {name: seen, kind: multi, separator: " ", weights: times}
)";

// 70,000 training rows: more than one batch.
void prepare_large(const Workshop& shop) {
  std::string log = "user,item,day,click,buy,p1,p2\n";
  for (int i = 0; i < 70'000; ++i)
    log += fmt::format("u{},{},1,{},{},0.5,0.25\n", i % 3, i % 100, i % 2, i % 4 == 1 ? 1 : 0);
  shop.write("log.csv", log + "u0,5,2,1,0,1,0\n");
  shop.write("users.csv", "user,seen,times\nu0,5 6,2 0.5\nu1,,\nu2,7,1\n");
  shop.prepare(kMappedData);
}

}  // namespace

TEST_CASE("a split gathers any impressions in any order") {
  const Workshop shop;
  prepare_large(shop);
  const Dataset dataset(shop.out());
  const auto& train = dataset.split("train");
  REQUIRE(train.size() == 70'000);
  const Batch all = whole(train);
  const std::vector<int64_t> order{69'999, 0, 65'536, 65'535, 0, 2};
  Batch some;
  train.gather(order, some);
  CHECK(some.size == 6);
  REQUIRE(some.bags.bags() == 12);
  CHECK(some.bags.weights.size() == some.bags.ids.size());
  for (size_t i = 0; i < order.size(); ++i) {
    CHECK(some.click[i] == static_cast<float>(order[i] % 2));
    CHECK(some.conversion[i] == (order[i] % 4 == 1 ? 1.0f : 0.0f));
    for (int64_t f = 0; f < 2; ++f)
      CHECK(bag(some, static_cast<int64_t>(i), f, 2) == bag(all, order[i], f, 2));
  }
  CHECK(bag(all, 0, 0, 2) == bag(all, 65'600, 0, 2));  // item 0 both
  CHECK(bag(all, 0, 0, 2) != bag(all, 65'601, 0, 2));
  CHECK(bag(all, 0, 1, 2).size() == 2);
  CHECK(bag(all, 1, 1, 2).empty());
  CHECK(some.bags.weights[some.bags.offsets[3]] == 2.0f);
  CHECK(some.bags.weights[some.bags.offsets[3] + 1] == 0.5f);
  CHECK(some.bags.weights[some.bags.offsets[2]] == 1.0f);
}

TEST_CASE("whole columns come in split order") {
  const Workshop shop;
  prepare_large(shop);
  const Dataset dataset(shop.out());
  CHECK(dataset.info().has_truth);
  const auto& train = dataset.split("train");
  CHECK(train.lines().front() == 2);
  CHECK(train.lines().back() == 70'001);
  CHECK(train.clicks()[1] == 1);
  CHECK(train.conversions()[3] == 0);
  CHECK(train.p_ctr()[69'999] == 0.5);
  CHECK(train.ids().empty());
  CHECK(train.groups().empty());
  CHECK(dataset.split("test").p_cvr() == std::vector<double>{0});
}

TEST_CASE("a split that is not there names those that are") {
  const Workshop shop;
  prepare_large(shop);
  const Dataset dataset(shop.out());
  CHECK_FALSE(dataset.has("validation"));
  CHECK_THROWS_WITH(dataset.split("validation"), Catch::Contains("test or train"));
}

TEST_CASE("what is no data set, or damaged, is refused") {
  const Workshop shop;
  CHECK_THROWS_WITH(Dataset(shop.out()), Catch::Contains("no such folder"));
  prepare_large(shop);
  const std::string json = esmm::read_file(shop.out() / "dataset.json");
  const auto refuses = [&](const std::string& from, const std::string& to) {
    std::string text = json;
    REQUIRE(text.find(from) != std::string::npos);
    esmm::write_file(shop.out() / "dataset.json", text.replace(text.find(from), from.size(), to));
    return error_of([&] { whole(Dataset(shop.out()).split("train")); });
  };
  CHECK(refuses("\"version\": 3", "\"version\": 2").find("expected version 3, got version 2") !=
        std::string::npos);
  CHECK(refuses("\"format\"", "\"formats\"").find("format: is missing") != std::string::npos);
  CHECK(refuses("70000", "70001").find("is damaged") != std::string::npos);
  CHECK(refuses("\"id\": \"\"", "\"id\": \"item\"").find("holds other columns") != std::string::npos);
  CHECK(refuses("\"table_rows\": 105", "\"table_rows\": 99").find("is damaged") !=
        std::string::npos);  // rows outside the table
  esmm::write_file(shop.out() / "dataset.json", json);
  CHECK(error_of([&] { Dataset(shop.out()).vocabulary(); }) == "no error");
  const std::string shard = esmm::read_file(shop.out() / "train/00000.arrow");
  esmm::write_file(shop.out() / "train/00000.arrow", shard.substr(0, shard.size() / 2));
  CHECK(error_of([&] { Dataset data(shop.out()); }).find("cannot be read") != std::string::npos);
  std::filesystem::remove(shop.out() / "train/00000.arrow");
  CHECK(error_of([&] { Dataset data(shop.out()); }) ==
        (shop.out() / "train/00000.arrow").string() +
            ": is missing from the data set; copy the whole data set, or prepare it again");
}

TEST_CASE("the digest is that of the rows in their order, not of where the files lie") {
  const Workshop shop, elsewhere;
  const auto digest = [](const Workshop& in, const std::string& rows) {
    in.write("users.csv", "user,seen,times\nu0,5 6,2 0.5\nu1,,\n");
    in.write("log.csv", "user,item,day,click,buy,p1,p2\n" + rows + "u0,5,2,1,0,1,0\n");
    in.prepare(kMappedData);
    return Dataset(in.out()).info().digest;
  };
  const std::string a = "u0,7,1,1,1,0.5,0.5\n", b = "u1,7,1,0,0,0.5,0.5\n";
  const std::string first = digest(shop, a + b);
  CHECK(first.size() == 16);
  CHECK(digest(elsewhere, a + b) == first);
  CHECK(digest(shop, b + a) != first);
}
