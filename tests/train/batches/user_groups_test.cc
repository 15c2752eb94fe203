#include "esmm/train/batches/user_groups.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>

#include "tests/support/batch_split.h"

namespace esmm::train {
namespace {

const std::vector<int64_t> kUserFields{0};

// One field, the user: impression i is of users[i].
test::BatchSplit split_of(const std::vector<int32_t>& users) {
  Schema schema;
  schema.fields.resize(1);
  schema.fields[0].side = Side::user;
  Batch batch;
  batch.size = static_cast<int64_t>(users.size());
  batch.click.resize(users.size());
  batch.conversion.resize(users.size());
  for (const int32_t user : users) {
    batch.bags.push(user);
    batch.bags.close_bag();
  }
  return {schema, batch};
}

// Impressions 0 .. size-1 of users 0 .. users-1 in turns, grouped; and the runs of one user in what comes.
struct Grouped {
  std::vector<int64_t> impressions;
  std::vector<std::pair<int64_t, int64_t>> runs;  // user, impressions

  Grouped(int64_t size, int64_t users, int64_t most, uint64_t seed) : impressions(static_cast<size_t>(size)) {
    std::iota(impressions.begin(), impressions.end(), 0);
    std::vector<int32_t> user_of;
    for (const int64_t i : impressions) user_of.push_back(static_cast<int32_t>(i % users));
    group_users(hash_users(split_of(user_of), kUserFields, impressions), most, Random(seed), impressions);
    for (const int64_t i : impressions) {
      if (runs.empty() || runs.back().first != i % users) runs.push_back({i % users, 0});
      ++runs.back().second;
    }
  }
};

TEST_CASE("grouping keeps all impressions, and as many of a user together as asked for") {
  const Grouped grouped(700, 100, /*most=*/3, 1);
  std::vector<int64_t> sorted = grouped.impressions;
  std::sort(sorted.begin(), sorted.end());
  for (int64_t i = 0; i < 700; ++i) CHECK(sorted[static_cast<size_t>(i)] == i);
  // Seven of each user: 3, 3 and 1. Two runs of one user may meet by chance.
  CHECK(grouped.runs.size() <= 300);
  CHECK(grouped.runs.size() >= 290);
  std::map<int64_t, int64_t> of_user;
  for (const auto& [user, count] : grouped.runs) of_user[user] += count;
  for (const auto& [user, count] : of_user) CHECK(count == 7);
}

TEST_CASE("runs come in a random order that the seed decides") {
  const Grouped grouped(700, 100, 7, 1);
  CHECK(grouped.runs.size() == 100);
  CHECK(grouped.impressions == Grouped(700, 100, 7, 1).impressions);
  CHECK(grouped.impressions != Grouped(700, 100, 7, 2).impressions);
  CHECK_FALSE(std::is_sorted(grouped.runs.begin(), grouped.runs.end()));
}

TEST_CASE("every run is as likely to come first") {
  std::vector<int> first(5);
  for (uint64_t seed = 0; seed < 5000; ++seed)
    ++first[static_cast<size_t>(Grouped(10, 5, 2, seed).runs[0].first)];
  for (const int count : first) CHECK(std::abs(count - 1000) < 150);  // 5 standard deviations
}

TEST_CASE("within a run the order is the one that was given") {
  const auto split = split_of({4, 4, 4, 4});
  std::vector<int64_t> impressions{2, 0, 3, 1};
  group_users(hash_users(split, kUserFields, impressions), 4, Random(1), impressions);
  CHECK(impressions == std::vector<int64_t>{2, 0, 3, 1});
}

TEST_CASE("runs of impressions with the same user side are found by comparing it") {
  const auto split = split_of({7, 8, 7, 7, 9});
  std::vector<int64_t> of(6);
  const std::vector<int64_t> impressions{0, 2, 1, 3, 0, 4};  // users 7 7 8 7 7 9
  CHECK(user_runs(split, kUserFields, impressions, of) == std::vector<int64_t>{0, 1, 3, 4});
  CHECK(of == std::vector<int64_t>{0, 0, 1, 2, 2, 3});
}

TEST_CASE("runs are found in batches of any size, where they begin and where they go on") {
  for (const int32_t run : {3, 4}) {
    for (const size_t size : {size_t{0}, size_t{1}, size_t{1024}, size_t{1025}, size_t{2049}, size_t{3000}}) {
      std::vector<int32_t> users(size);
      std::vector<int64_t> impressions(size), of(size), expected(size);
      for (size_t i = 0; i < size; ++i) {
        impressions[i] = static_cast<int64_t>(i);
        expected[i] = impressions[i] / run;
        users[i] = static_cast<int32_t>(expected[i]);
      }
      const std::vector<int64_t> firsts = user_runs(split_of(users), kUserFields, impressions, of);
      CHECK(of == expected);
      REQUIRE(firsts.size() == (size + static_cast<size_t>(run) - 1) / static_cast<size_t>(run));
      for (size_t i = 0; i < firsts.size(); ++i) CHECK(firsts[i] == static_cast<int64_t>(i) * run);
    }
  }
}

// Impression i has the ids of users[i] and says that its hash is that of users[i] / 10.
class FewHashes : public test::BatchSplit {
 public:
  explicit FewHashes(const std::vector<int32_t>& users) : BatchSplit(split_of(users)), users_(users) {}
  void hash_bags(std::span<const int64_t> impressions, std::span<const int64_t>,
                 std::span<uint64_t> hashes) const override {
    for (size_t i = 0; i < impressions.size(); ++i)
      hashes[i] = static_cast<uint64_t>(users_[static_cast<size_t>(impressions[i])] / 10);
  }

 private:
  std::vector<int32_t> users_;
};

TEST_CASE("a split's users are told apart by their bags, also where hashes are the same") {
  const std::vector<int32_t> user_of{10, 11, 20, 10, 11, 12, 12, 11, 20, 10};
  std::vector<int32_t> many;  // more than are looked at together
  for (int again = 0; again < 300; ++again) many.insert(many.end(), user_of.begin(), user_of.end());
  const DistinctUsers users = distinct_users(FewHashes(many), kUserFields);
  REQUIRE(users.size() == 4);
  REQUIRE(users.of.size() == many.size());
  for (size_t i = 0; i < many.size(); ++i) {
    const auto user = static_cast<size_t>(users.of[i]);
    CHECK(many[static_cast<size_t>(users.firsts[user])] == many[i]);
    CHECK(users.hashes[user] == static_cast<uint64_t>(many[i] / 10));
  }
  CHECK(distinct_users(split_of({}), kUserFields).size() == 0);
}

}  // namespace
}  // namespace esmm::train
