#include "esmm/data/stored_ids.h"

#include <catch2/catch.hpp>

#include <numeric>
#include <vector>

using esmm::data::hash_ids;
using esmm::data::same_ids;
using esmm::data::StoredIds;

namespace {

constexpr int32_t kIds[] = {4, 0, 9, 9, 3};
constexpr float kWeights[] = {0.5f, 2};

// Two ids with weights, none, one without weights, twice.
const std::vector<StoredIds> kPieces{
    {kIds, kWeights, 2}, {kIds, nullptr, 0}, {kIds + 4, nullptr, 1}, {kIds + 4, nullptr, 1}};

}  // namespace

TEST_CASE("pieces are copied one after the other, with weights of 1 where they have none") {
  std::vector<int32_t> ids(4);
  std::vector<float> weights(4);
  CHECK(esmm::data::copy_ids(kPieces, 5, ids.data(), weights.data()));
  CHECK(ids == std::vector<int32_t>{4, 0, 3, 3});
  CHECK(weights == std::vector<float>{0.5f, 2, 1, 1});
}

TEST_CASE("an empty piece is the same with weights and without, and so is its hash") {
  const StoredIds one{kIds, kWeights, 0}, other{nullptr, nullptr, 0};
  CHECK(same_ids(one, other));
  CHECK(hash_ids(one, 3) == hash_ids(other, 3));
}

TEST_CASE("pieces of any length are copied by all vectors, and nothing behind them is written") {
  for (const esmm::Vectors vectors : esmm::available_vectors()) {
    for (int32_t length = 0; length < 70; ++length) {
      std::vector<int32_t> from(static_cast<size_t>(length)), to(static_cast<size_t>(2 * length) + 1, -7);
      std::iota(from.begin(), from.end(), 0);
      const StoredIds piece{from.data(), nullptr, length};
      CHECK(esmm::data::copy_ids(std::vector{piece, piece}, 70, to.data(), nullptr, vectors));
      std::vector<int32_t> expected = from;
      expected.insert(expected.end(), from.begin(), from.end());
      expected.push_back(-7);
      CHECK(to == expected);
    }
  }
}

TEST_CASE("an id outside the table is told of, wherever it stands") {
  std::vector<int32_t> ids(40);
  CHECK_FALSE(esmm::data::copy_ids(kPieces, 4, ids.data(), nullptr));
  std::vector<int32_t> many(33, 1);
  const std::vector<StoredIds> pieces{{many.data(), nullptr, 33}, {kIds, nullptr, 2}};
  for (const esmm::Vectors vectors : esmm::available_vectors()) {
    CHECK(esmm::data::copy_ids(pieces, 5, ids.data(), nullptr, vectors));
    for (const size_t place : {0, 15, 31, 32}) {
      for (const int32_t bad : {-1, 5}) {
        many[place] = bad;
        CHECK_FALSE(esmm::data::copy_ids(pieces, 5, ids.data(), nullptr, vectors));
        many[place] = 1;
      }
    }
  }
}

TEST_CASE("pieces are the same where ids and weights are") {
  constexpr float kOthers[] = {0.5f, 3};
  const StoredIds piece{kIds, kWeights, 2};
  CHECK(same_ids(piece, {kIds, kWeights, 2}));
  CHECK_FALSE(same_ids(piece, {kIds, kWeights, 1}));
  CHECK_FALSE(same_ids(piece, {kIds, kOthers, 2}));
  CHECK_FALSE(same_ids(piece, {kIds + 1, kWeights, 2}));
  CHECK(hash_ids(piece, 7) == hash_ids({kIds, kWeights, 2}, 7));
  CHECK(hash_ids(piece, 7) != hash_ids({kIds, kOthers, 2}, 7));
  CHECK(hash_ids(piece, 7) != hash_ids({kIds + 1, kWeights, 2}, 7));
  CHECK(hash_ids(piece, 7) != hash_ids(piece, 8));
}
