#include "esmm/features/vocabulary.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"

using esmm::Vocabulary;

TEST_CASE("a key's row is its place, and unknown keys have a row per field behind them") {
  const Vocabulary vocabulary({-9, 0, 4}, 2);
  CHECK(vocabulary.table_rows() == 5);
  CHECK(vocabulary.row_of(-9, 0) == 0);
  CHECK(vocabulary.row_of(0, 1) == 1);
  CHECK(vocabulary.row_of(4, 1) == 2);
  CHECK(vocabulary.row_of(5, 0) == 3);
  CHECK(vocabulary.row_of(5, 1) == 4);
  CHECK((vocabulary.knows(4) && !vocabulary.knows(5)));
}

TEST_CASE("rows of bags keep offsets and weights") {
  const Vocabulary vocabulary({-9, 0, 4}, 2);
  esmm::KeyBags keys;
  keys.push(4);
  keys.close_bag();
  keys.push(7, 0.5f);
  keys.push(-9);
  keys.close_bag();
  keys.push(7);
  keys.close_bag();
  keys.close_bag();
  const esmm::RowBags rows = vocabulary.rows_of(keys);
  CHECK(rows.ids == std::vector<int32_t>{2, 4, 0, 3});
  CHECK(rows.offsets == keys.offsets);
  CHECK(rows.weights == keys.weights);
}

TEST_CASE("a vocabulary that is not sorted or repeats a key is refused") {
  CHECK_THROWS_AS(Vocabulary({2, 1}, 1), esmm::Error);
  CHECK_THROWS_AS(Vocabulary({1, 1}, 1), esmm::Error);
  CHECK(Vocabulary({}, 3).table_rows() == 3);
}

TEST_CASE("hashed rows are the key's low bits") {
  const Vocabulary vocabulary = Vocabulary::hashed(4, 2);
  CHECK(vocabulary.table_rows() == 16);
  CHECK(vocabulary.keys().empty());
  CHECK(vocabulary.row_of(0x25, 0) == 5);
  CHECK(vocabulary.row_of(-1, 1) == 15);
  CHECK_THROWS_AS(Vocabulary::hashed(31, 1), esmm::Error);
  CHECK_THROWS_AS(Vocabulary::hashed(0, 1), esmm::Error);
}
