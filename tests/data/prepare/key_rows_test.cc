#include "esmm/data/prepare/key_rows.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>

#include "esmm/core/random.h"

using esmm::data::KeyRows;
using Keys = std::vector<int64_t>;

TEST_CASE("a key's row is its place among the sorted keys; others are unknown") {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min(), kMost = std::numeric_limits<int64_t>::max();
  const Keys keys{kLeast, kLeast + 1, -1, 0, 1, 12, kMost};
  const KeyRows rows({}, keys);
  for (size_t i = 0; i < keys.size(); ++i) CHECK(rows.row_of(keys[i]) == static_cast<int32_t>(i));
  for (const int64_t key : {kLeast + 2, int64_t{-2}, int64_t{2}, kMost - 1})
    CHECK(rows.row_of(key) == KeyRows::kUnknown);
  CHECK(rows.unknown_row(3) == 10);
  CHECK(KeyRows({}, {}).row_of(5) == KeyRows::kUnknown);
}

TEST_CASE("many keys find their rows") {
  esmm::Random random(3);
  Keys keys;
  for (int i = 0; i < 10'000; ++i) keys.push_back(static_cast<int64_t>((random.uniform() - 0.5) * 0x1p63));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  const KeyRows rows({}, keys);
  bool all = true;
  for (size_t i = 0; i < keys.size(); ++i) all = all && rows.row_of(keys[i]) == static_cast<int32_t>(i);
  CHECK(all);
}

TEST_CASE("hashed rows are the low bits of a key") {
  const KeyRows rows({.fields = {}, .mode = esmm::VocabularyMode::hashed, .hash_bits = 4}, {});
  CHECK(rows.row_of(0x123) == 3);
  CHECK(rows.row_of(-1) == 15);
}
