#include "esmm/data/stored_bag.h"

#include <catch2/catch.hpp>

#include <vector>

using esmm::data::StoredBag;

namespace {

constexpr int32_t kIds[] = {4, 0, 9, 9, 3};
constexpr float kWeights[] = {0.5f, 2};

// Two ids with weights, none, one without weights, twice.
const std::vector<StoredBag> kBags{
    {kIds, kWeights, 2}, {kIds, nullptr, 0}, {kIds + 4, nullptr, 1}, {kIds + 4, nullptr, 1}};

}  // namespace

TEST_CASE("bags are copied one after the other, with weights of 1 where they have none") {
  std::vector<int32_t> ids(4);
  std::vector<float> weights(4);
  CHECK(esmm::data::copy_bags(kBags, 5, ids.data(), weights.data()));
  CHECK(ids == std::vector<int32_t>{4, 0, 3, 3});
  CHECK(weights == std::vector<float>{0.5f, 2, 1, 1});
}

TEST_CASE("an id outside the table is told of, wherever it stands") {
  std::vector<int32_t> ids(40);
  CHECK_FALSE(esmm::data::copy_bags(kBags, 4, ids.data(), nullptr));
  std::vector<int32_t> many(33, 1);
  const std::vector<StoredBag> bags{{many.data(), nullptr, 33}, {kIds, nullptr, 2}};
  CHECK(esmm::data::copy_bags(bags, 5, ids.data(), nullptr));
  for (const size_t place : {0, 15, 31, 32}) {
    for (const int32_t bad : {-1, 5}) {
      many[place] = bad;
      CHECK_FALSE(esmm::data::copy_bags(bags, 5, ids.data(), nullptr));
      many[place] = 1;
    }
  }
}
