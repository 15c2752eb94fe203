#include "esmm/data/prepare/quantiles.h"

#include <catch2/catch.hpp>

#include "tests/data/prepare/prepared.h"

using esmm::Batch;
using esmm::data::Dataset;
using esmm::test::bag;
using esmm::test::row_of;
using esmm::test::whole;
using esmm::test::Workshop;
using Rows = std::vector<int32_t>;

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
  CHECK_FALSE(std::filesystem::exists(shop.out() / "numbers.arrow"));
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
