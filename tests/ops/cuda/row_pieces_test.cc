#include "esmm/ops/cuda/row_pieces.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <utility>
#include <vector>

#include "esmm/core/random.h"

namespace esmm::ops {
namespace {

constexpr uint32_t kTableRows = 1000;

SortedRows sorted(const std::vector<uint32_t>& rows) {
  return {rows.data(), static_cast<int64_t>(rows.size()), kTableRows};
}

// `count` places of each row.
std::vector<uint32_t> runs(const std::vector<std::pair<uint32_t, int>>& of) {
  std::vector<uint32_t> rows;
  for (const auto& [row, count] : of) rows.insert(rows.end(), static_cast<size_t>(count), row);
  return rows;
}

std::vector<Piece> pieces(const SortedRows& ids) {
  std::vector<Piece> all;
  for (int64_t place = 0; place < ids.count; ++place) {
    if (Piece piece; piece_at(ids, place, piece)) all.push_back(piece);
  }
  return all;
}

TEST_CASE("a run ends where the row changes, at the limit at the latest") {
  const std::vector<uint32_t> rows = runs({{1, 1}, {2, 2}, {5, 300}, {6, 1}});
  CHECK(end_of_run(rows.data(), 0, 304) == 1);
  CHECK(end_of_run(rows.data(), 1, 304) == 3);
  CHECK(end_of_run(rows.data(), 2, 304) == 3);
  for (const int64_t limit : {4, 5, 6, 7, 64, 100, 302, 303})
    CHECK(end_of_run(rows.data(), 3, limit) == limit);
  CHECK(end_of_run(rows.data(), 3, 304) == 303);
  CHECK(end_of_run(rows.data(), 303, 304) == 304);
}

TEST_CASE("runs are whole pieces inside a tile and cut where tiles meet") {
  static_assert(kTilePlaces == 64);
  // Places 0-9, 10-63 up to a tile's end, 64-199 over three tiles, 200.
  const std::vector<uint32_t> rows = runs({{3, 10}, {4, 54}, {7, 136}, {9, 1}});
  const std::vector<Piece> all = pieces(sorted(rows));
  REQUIRE(all.size() == 6);
  const auto check = [](const Piece& piece, int64_t begin, int64_t end, bool goes_back, bool goes_on) {
    CHECK(piece.begin == begin);
    CHECK(piece.end == end);
    CHECK(piece.goes_back == goes_back);
    CHECK(piece.goes_on == goes_on);
  };
  check(all[0], 0, 10, false, false);
  check(all[1], 10, 64, false, false);
  check(all[2], 64, 128, false, true);
  check(all[3], 128, 192, true, true);
  check(all[4], 192, 200, true, false);
  check(all[5], 200, 201, false, false);

  SplitRun run;
  CHECK_FALSE(split_run_of(sorted(rows), 0, run));
  REQUIRE(split_run_of(sorted(rows), 1, run));
  CHECK(run.begin == 64);
  CHECK(run.end == 200);
  CHECK(run.pieces() == 3);
  CHECK((run.slot(0) == 3 && run.slot(1) == 4 && run.slot(2) == 6));
  for (const int64_t tile : {2, 3}) CHECK_FALSE(split_run_of(sorted(rows), tile, run));
}

TEST_CASE("padding is no piece") {
  const std::vector<uint32_t> rows = runs({{3, 2}, {kTableRows, 200}});
  CHECK(pieces(sorted(rows)).size() == 1);
  SplitRun run;
  for (int64_t tile = 0; tile < 4; ++tile) CHECK_FALSE(split_run_of(sorted(rows), tile, run));
}

TEST_CASE("pieces hold each id once, and those of a split run lie in its slots") {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    const uint64_t longest = round % 3 == 0 ? 3 : round % 3 == 1 ? 100 : 400;
    std::vector<std::pair<uint32_t, int>> of;
    for (uint32_t row = 0; row < 12; ++row) of.emplace_back(row, static_cast<int>(random.below(longest)));
    of.emplace_back(kTableRows, static_cast<int>(random.below(70)));
    const std::vector<uint32_t> rows = runs(of);
    const SortedRows ids = sorted(rows);
    std::vector<int> seen(rows.size());
    std::vector<int64_t> ids_in_slot(static_cast<size_t>(2 * tiles_of(ids.count)));
    for (const Piece& piece : pieces(ids)) {
      for (int64_t i = piece.begin; i < piece.end; ++i) ++seen[static_cast<size_t>(i)];
      if (piece.whole()) continue;
      int64_t& slot =
          ids_in_slot[static_cast<size_t>(slot_of_piece(piece.begin / kTilePlaces, piece.goes_back))];
      REQUIRE(slot == 0);
      slot = piece.end - piece.begin;
    }
    for (size_t i = 0; i < seen.size(); ++i) REQUIRE(seen[i] == (rows[i] < kTableRows ? 1 : 0));
    for (int64_t tile = 0; tile < tiles_of(ids.count); ++tile) {
      SplitRun run;
      if (!split_run_of(ids, tile, run)) continue;
      int64_t count = 0;
      for (int64_t piece = 0; piece < run.pieces(); ++piece) {
        const int64_t in_piece = std::exchange(ids_in_slot[static_cast<size_t>(run.slot(piece))], 0);
        REQUIRE(in_piece > 0);
        count += in_piece;
      }
      const auto [first, last] =
          std::equal_range(rows.begin(), rows.end(), rows[static_cast<size_t>(run.begin)]);
      REQUIRE(count == last - first);
      REQUIRE((run.begin == first - rows.begin() && run.end == last - rows.begin()));
    }
    for (const int64_t left : ids_in_slot) REQUIRE(left == 0);
  }
}

TEST_CASE("ids are sorted by the fewest bits that tell all rows and padding apart") {
  CHECK(row_bits(0) == 1);
  CHECK(row_bits(1) == 1);
  CHECK(row_bits(2) == 2);
  CHECK(row_bits(3) == 2);
  CHECK(row_bits(4) == 3);
  CHECK(row_bits((int64_t{1} << 20) - 1) == 20);
  CHECK(row_bits(int64_t{1} << 20) == 21);
  CHECK(row_bits((int64_t{1} << 31) - 1) == 31);
  CHECK(row_bits(int64_t{1} << 31) == 32);
}

TEST_CASE("shares are all of it, one behind the other") {
  for (const int64_t count : {0, 1, 7, 8, 100}) {
    CHECK(share_begin(count, 8, 0) == 0);
    CHECK(share_begin(count, 8, 8) == count);
    for (int64_t k = 0; k < 8; ++k) CHECK(share_begin(count, 8, k) <= share_begin(count, 8, k + 1));
  }
}

TEST_CASE("an id's bag is the one whose offsets it lies between, and never an empty one") {
  const std::vector<int64_t> offsets{0, 0, 2, 2, 2, 3, 7, 7};
  const std::vector<int64_t> bags{1, 1, 4, 5, 5, 5, 5};
  for (size_t i = 0; i < bags.size(); ++i)
    CHECK(bag_of_place(offsets.data(), 7, static_cast<int64_t>(i)) == bags[i]);
}

}  // namespace
}  // namespace esmm::ops
