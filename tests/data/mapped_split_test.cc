#include "esmm/data/mapped_split.h"

#include <catch2/catch.hpp>

#include "esmm/features/field_group.h"
#include "tests/data/prepare/prepared.h"

using esmm::Batch;
using esmm::data::Dataset;
using esmm::data::Split;
using esmm::data::StoredIds;
using esmm::test::Workshop;

namespace {

// A user's group lies in a table; what the user saw, and how often, is the impression's own.
constexpr const char* kUserData = R"(
  sources: [{name: log, paths: log.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: user}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields:
    - {name: item}
    - {name: seen, kind: multi, separator: " ", weights: times, side: user}
    - {name: group, side: user}
)";

struct PreparedUsers {
  Workshop shop;

  PreparedUsers() {
    shop.write("log.csv",
               "user,item,seen,times,day,click,buy\n"
               "u0,1,5 6,1 2,1,1,1\n"
               "u0,2,5 6,1 2,1,1,0\n"  // the same user side
               "u1,1,5 6,1 2,1,0,0\n"  // another joined row, though the same group
               "u0,1,5 6,2 1,1,0,0\n"  // other weights
               "u0,1,5 6 6,1 2 0,1,0,0\n"
               "u0,9,,,1,0,0\n"
               "u0,1,5,1,2,0,0\n");
    shop.write("users.csv", "user,group\nu0,g\nu1,g\n");
    shop.prepare(kUserData);
  }
};

}  // namespace

TEST_CASE("bags of some fields alone are those of the whole impressions") {
  const PreparedUsers prepared;
  const Dataset dataset(prepared.shop.out());
  const Split& train = dataset.split("train");
  const Batch all = esmm::test::whole(train);
  const std::vector<int64_t> impressions{4, 5, 0}, fields{1, 0};
  std::vector<int64_t> lengths(6);
  std::vector<StoredIds> pieces;
  train.find_bags(impressions, fields, lengths, pieces);
  CHECK(lengths == std::vector<int64_t>{3, 1, 0, 1, 2, 1});
  std::vector<int32_t> ids(8);
  std::vector<float> weights(8);
  train.copy_ids(pieces, ids.data(), weights.data());
  CHECK(weights == std::vector<float>{1, 2, 0, 1, 1, 1, 2, 1});
  const auto bag = [&](int64_t impression, int64_t field) {
    return esmm::test::bag(all, impression, field, 3);
  };
  CHECK(std::vector(ids.begin(), ids.begin() + 3) == bag(4, 1));
  CHECK(std::vector(ids.begin() + 3, ids.begin() + 4) == bag(4, 0));
  CHECK(std::vector(ids.begin() + 4, ids.begin() + 5) == bag(5, 0));
  CHECK(std::vector(ids.begin() + 5, ids.begin() + 7) == bag(0, 1));

  // A part of them, without weights.
  std::vector<int32_t> again(4);
  REQUIRE(pieces.size() == 6);
  train.copy_ids(std::span(pieces).subspan(2), again.data(), nullptr);
  CHECK(again == std::vector(ids.begin() + 4, ids.end()));
}

TEST_CASE("impressions have the same user side where they joined the same row and their own bags are equal") {
  const PreparedUsers prepared;
  const Dataset dataset(prepared.shop.out());
  const Split& train = dataset.split("train");
  const std::vector<int64_t> user = esmm::user_fields(dataset.info().schema).fields;
  CHECK(user == std::vector<int64_t>{1, 2});
  std::vector<uint64_t> hashes(6);
  train.hash_bags(std::vector<int64_t>{0, 1, 2, 3, 4, 5}, user, hashes);
  for (int64_t i = 0; i < 6; ++i) {
    for (int64_t k = 0; k < 6; ++k) {
      const bool same = i == k || i + k == 1;
      std::vector<uint8_t> found(1);
      train.same_bags(std::vector{i, k}, user, found);
      CHECK(found[0] == same);
      CHECK((hashes[static_cast<size_t>(i)] == hashes[static_cast<size_t>(k)]) == same);
    }
  }
}

TEST_CASE("neighbours are compared in one call") {
  const PreparedUsers prepared;
  const Dataset dataset(prepared.shop.out());
  const std::vector<int64_t> user = esmm::user_fields(dataset.info().schema).fields;
  std::vector<uint8_t> same(6);
  dataset.split("train").same_bags(std::vector<int64_t>{5, 0, 1, 1, 3, 4}, user, same);
  CHECK(std::vector(same.begin(), same.end() - 1) == std::vector<uint8_t>{0, 1, 1, 0, 0});
}

TEST_CASE("reading ahead changes nothing") {
  const PreparedUsers prepared;
  const Dataset dataset(prepared.shop.out());
  const Split& train = dataset.split("train");
  const Batch before = esmm::test::whole(train);
  train.read_in(0, 6);
  train.read_in(2, 1);
  train.read_in_joined(std::vector<int64_t>{5, 0, 2, 0});
  const Batch after = esmm::test::whole(train);
  CHECK(after.bags.ids == before.bags.ids);
  CHECK(after.bags.weights == before.bags.weights);
  CHECK(after.click == before.click);
}

TEST_CASE("bags that do not fit their columns are found when they are gathered") {
  const PreparedUsers prepared;
  const auto shard = prepared.shop.out() / "train/00000.arrow";
  const std::string good = esmm::read_file(shard);
  // A row has an item and what the user saw: ends of rows and of their weights, and lengths of the latter.
  const std::vector<int32_t> row_ends{3, 6, 9, 12, 16, 17}, weight_ends{2, 4, 6, 8, 11, 11},
      lengths{2, 2, 2, 2, 3, 0};
  for (const auto& values : {row_ends, weight_ends, lengths}) {
    const std::string bytes(reinterpret_cast<const char*>(values.data()), values.size() * sizeof values[0]);
    const size_t at = good.find(bytes);
    REQUIRE(at != std::string::npos);
    for (const char bad : {'\1', '\7'}) {
      std::string text = good;
      text[at] = bad;
      esmm::write_file(shard, text);
      const Dataset dataset(prepared.shop.out());
      CHECK(esmm::test::error_of([&] { esmm::test::whole(dataset.split("train")); }).find("is damaged") !=
            std::string::npos);
    }
  }
}

TEST_CASE("an impression outside the split is our mistake") {
  const PreparedUsers prepared;
  const Dataset dataset(prepared.shop.out());
  Batch batch;
  CHECK_THROWS_AS(dataset.split("train").gather(std::vector<int64_t>{6}, batch), esmm::InternalError);
  CHECK_THROWS_AS(dataset.split("train").gather(std::vector<int64_t>{-1}, batch), esmm::InternalError);
}
