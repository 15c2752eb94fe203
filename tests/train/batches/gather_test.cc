#include "esmm/train/batches/gather.h"

#include <catch2/catch.hpp>
#include <optional>

#include "tests/data/prepare/prepared.h"
#include "tests/support/batch_split.h"
#include "tests/train/batches/field_of.h"

namespace esmm::train {
namespace {

using test::field_of;

// Fields: item, the user's history (a mean), user, and tags (a sum; with weights where wanted).
Schema schema_with(const std::string& weights) {
  Schema schema;
  schema.fields = {field_of(FieldKind::categorical, Side::item, Pooling::mean),
                   field_of(FieldKind::multi, Side::user, Pooling::mean),
                   field_of(FieldKind::categorical, Side::user, Pooling::mean),
                   field_of(FieldKind::multi, Side::context, Pooling::sum, weights)};
  return schema;
}

// Impressions of users 50, 50 and 51; those of 50 have the history 1 2, that of 51 none.
Batch three_impressions(float tag_weight) {
  Batch batch{.size = 3, .bags = {}, .click = {1, 0, 1}, .conversion = {1, 0, 0}};
  const auto add = [&](int32_t item, std::vector<int32_t> history, int32_t user, std::vector<int32_t> tags) {
    batch.bags.push(item);
    batch.bags.close_bag();
    for (const int32_t id : history) batch.bags.push(id);
    batch.bags.close_bag();
    batch.bags.push(user);
    batch.bags.close_bag();
    for (const int32_t id : tags) batch.bags.push(id, tag_weight);
    batch.bags.close_bag();
  };
  add(10, {1, 2}, 50, {20, 21});
  add(11, {1, 2}, 50, {});
  add(12, {}, 51, {22});
  return batch;
}

torch::Tensor ints(std::vector<int32_t> values) { return torch::tensor(values, torch::kInt); }
torch::Tensor longs(std::vector<int64_t> values) { return torch::tensor(values, torch::kLong); }

std::vector<Pooling> poolings() { return {Pooling::mean, Pooling::mean, Pooling::mean, Pooling::sum}; }

void check_same(const torch::Tensor& one, const torch::Tensor& other) {
  REQUIRE(one.defined() == other.defined());
  if (one.defined()) CHECK(torch::equal(one, other));
}

void check_same(const TensorBatch& gathered, const TensorBatch& expected) {
  CHECK(gathered.size == expected.size);
  CHECK(gathered.bags.fields == expected.bags.fields);
  check_same(gathered.bags.rows, expected.bags.rows);
  check_same(gathered.bags.offsets, expected.bags.offsets);
  check_same(gathered.bags.weights, expected.bags.weights);
  check_same(gathered.click, expected.click);
  check_same(gathered.conversion, expected.conversion);
  check_same(gathered.click_weight, expected.click_weight);
  check_same(gathered.conversion_weight, expected.conversion_weight);
  CHECK_FALSE(gathered.users);
}

TEST_CASE("what is gathered is what a batch becomes as tensors") {
  const std::vector<int64_t> order{2, 0, 1, 0};
  for (const float weight : {1.0f, 0.5f}) {
    Batch all = three_impressions(weight);
    const bool weighted = weight != 1;
    if (weighted) all.click_weight = {1, 2, 3};
    const test::BatchSplit split(schema_with(weighted ? "w" : ""), all);
    Batch batch;
    split.gather(order, batch);
    const TensorBatch gathered = Gather(split, /*users_apart=*/false)(order);
    CHECK(gathered.size == 4);
    CHECK(gathered.bags.fields == 4);
    check_same(gathered, to_tensors(batch, poolings()));
  }
}

TEST_CASE("what is gathered from a data set is what its split gathers, with joined rows and weights") {
  const test::Workshop shop;
  shop.write("log.csv",
             "user,item,seen,times,day,click,buy\n"
             "u0,1,5 6,1 2,1,1,1\n"
             "u0,2,5 6,1 2,1,0,0\n"
             "u1,1,,,1,1,0\n"
             "u9,3,7,0.5,1,0,0\n"  // joins nothing
             "u0,1,,,2,0,0\n");
  shop.write("users.csv", "user,group\nu0,g\nu1,h\n");
  shop.prepare(R"(
  sources: [{name: log, paths: log.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: user}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields:
    - {name: item}
    - {name: seen, kind: multi, separator: " ", weights: times, pooling: sum, side: user}
    - {name: group, side: user}
)");
  const data::Dataset dataset(shop.out());
  const data::Split& split = dataset.split("train");
  const std::vector<int64_t> order{3, 0, 1, 2, 0};
  Batch batch;
  split.gather(order, batch);
  check_same(Gather(split, /*users_apart=*/false)(order),
             to_tensors(batch, {Pooling::mean, Pooling::sum, Pooling::mean}));

  const TensorBatch apart = Gather(split, /*users_apart=*/true)(order);
  REQUIRE(apart.users);
  CHECK(torch::equal(apart.users->of, longs({0, 1, 1, 2, 3})));
  CHECK(torch::equal(apart.users->bags.offsets, longs({0, 1, 2, 4, 5, 5, 6, 8, 9})));
  CHECK(
      torch::equal(apart.users->bags.weights, torch::tensor({.5f, 1.f, 1.f, 2.f, 1.f, 1.f, 1.f, 2.f, 1.f})));
  CHECK(torch::equal(apart.bags.offsets, longs({0, 1, 2, 3, 4, 5})));
}

TEST_CASE("users apart stand once for impressions in a row with the same user side") {
  const test::BatchSplit split(schema_with(""), three_impressions(1));
  const TensorBatch batch = Gather(split, /*users_apart=*/true)(std::vector<int64_t>{0, 1, 2, 1});
  REQUIRE(batch.users);
  CHECK(torch::equal(batch.users->of, longs({0, 0, 1, 2})));
  CHECK(batch.users->bags.fields == 2);
  CHECK(torch::equal(batch.users->bags.rows, ints({1, 2, 50, 51, 1, 2, 50})));
  CHECK(torch::equal(batch.users->bags.offsets, longs({0, 2, 3, 3, 4, 6, 7})));
  CHECK(torch::equal(batch.users->bags.weights, torch::tensor({.5f, .5f, 1.f, 1.f, .5f, .5f, 1.f})));
  CHECK(batch.bags.fields == 2);
  CHECK(torch::equal(batch.bags.rows, ints({10, 20, 21, 11, 12, 22, 11})));
  CHECK(torch::equal(batch.bags.offsets, longs({0, 1, 3, 4, 4, 5, 6, 7, 7})));
  CHECK_FALSE(batch.bags.weights.defined());
  CHECK(torch::equal(batch.click, torch::tensor({1.f, 0.f, 1.f, 0.f})));
}

TEST_CASE("means without an id, and a mean whose weights add up to nothing, are well defined") {
  Schema schema;
  schema.fields = {field_of(FieldKind::multi, Side::item, Pooling::mean, "w")};
  Batch all{.size = 2, .bags = {}, .click = {0, 0}, .conversion = {0, 0}};
  all.bags.push(3, 0.0f);
  all.bags.push(4, 0.0f);
  all.bags.close_bag();
  all.bags.close_bag();
  const TensorBatch batch = Gather(test::BatchSplit(schema, all), false)(std::vector<int64_t>{0, 1});
  CHECK(torch::equal(batch.bags.weights, torch::tensor({0.f, 0.f})));
  CHECK(torch::equal(batch.bags.offsets, longs({0, 2, 2})));
}

}  // namespace
}  // namespace esmm::train
