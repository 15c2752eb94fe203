#pragma once

#include <cstdint>

#include "esmm/ops/host_device.h"

// How the ids of a step, once sorted by row, are shared out among the GPU's groups of threads. Ids are Zipf:
// one row may have one id of the step or half of them. So the places of the sorted ids are cut into tiles,
// and the ids of one row (a run) into the pieces that lie in one tile each:
//
//   place   0       4       8      12        tiles of 4 places
//   row     1 1 1 3 3 3 3 3 3 3 3 4 5 5 ·    runs 1: 0-2, 3: 3-10, 4: 11, 5: 12-13; · is padding
//   pieces  1 1 1 3|3 3 3 3|3 3 3 4|5 5      of run 3: place 3, places 4-7, places 8-10
//
// A group of threads for each place works on the piece that begins there, if one does. A run of one piece is
// summed and its row moved at once; pieces of a split run leave their sums in a slot of their tile (a tile
// has two: its first piece may go on from the tile before, its last into the next), and the tile that a split
// run begins in adds them up. The cuts depend on places alone, so the order of summation does as well, and no
// two threads ever write to one place.
namespace esmm::ops {

constexpr int64_t kTilePlaces = 64;

ESMM_HOST_DEVICE int64_t tiles_of(int64_t places) { return (places + kTilePlaces - 1) / kTilePlaces; }

// Rows of the ids, rising. Those that are no row of the table (rows[i] >= table_rows) are padding, and last.
struct SortedRows {
  const uint32_t* rows;
  int64_t count;
  uint32_t table_rows;
};

// Bits that tell the rows 0 .. V apart, where V stands for padding: by no more need ids be sorted.
ESMM_HOST_DEVICE int row_bits(int64_t table_rows) {
  int bits = 1;
  while (bits < 32 && (table_rows >> bits) != 0) ++bits;
  return bits;
}

// The first place from `begin` on, `limit` at most, whose row is not that of `begin`. Short runs end soon,
// long ones are leapt through.
ESMM_HOST_DEVICE int64_t end_of_run(const uint32_t* rows, int64_t begin, int64_t limit) {
  const uint32_t row = rows[begin];
  int64_t inside = begin, leap = 1;
  while (inside + leap < limit && rows[inside + leap] == row) {
    inside += leap;
    leap *= 2;
  }
  int64_t outside = inside + leap < limit ? inside + leap : limit;
  while (inside + 1 < outside) {
    const int64_t middle = inside + (outside - inside) / 2;
    (rows[middle] == row ? inside : outside) = middle;
  }
  return outside;
}

struct Piece {
  int64_t begin, end;  // places
  bool goes_back;      // its run has a piece in the tile before
  bool goes_on;        // and in the next

  ESMM_HOST_DEVICE bool whole() const { return !goes_back && !goes_on; }
};

// Whether a piece begins at the place, and which.
ESMM_HOST_DEVICE bool piece_at(const SortedRows& ids, int64_t place, Piece& piece) {
  if (place >= ids.count || ids.rows[place] >= ids.table_rows) return false;
  const uint32_t row = ids.rows[place];
  const bool same_before = place > 0 && ids.rows[place - 1] == row;
  const bool tile_begins = place % kTilePlaces == 0;
  if (same_before && !tile_begins) return false;
  const int64_t tile_end = (place / kTilePlaces + 1) * kTilePlaces;
  const int64_t end = end_of_run(ids.rows, place, tile_end < ids.count ? tile_end : ids.count);
  piece = {place, end, same_before, end == tile_end && end < ids.count && ids.rows[end] == row};
  return true;
}

// The slot, of two for each tile, of the piece of a split run that lies in this tile.
ESMM_HOST_DEVICE int64_t slot_of_piece(int64_t tile, bool goes_back) {
  return 2 * tile + (goes_back ? 0 : 1);
}

struct SplitRun {
  int64_t begin, end;       // places
  int64_t tile, last_tile;  // of its pieces

  ESMM_HOST_DEVICE int64_t pieces() const { return last_tile - tile + 1; }
  ESMM_HOST_DEVICE int64_t slot(int64_t piece) const { return slot_of_piece(tile + piece, piece > 0); }
};

// Whether a run of several pieces begins in the tile, and which: one can at most.
ESMM_HOST_DEVICE bool split_run_of(const SortedRows& ids, int64_t tile, SplitRun& run) {
  const int64_t tile_begin = tile * kTilePlaces, tile_end = tile_begin + kTilePlaces;
  if (tile_end >= ids.count) return false;
  const uint32_t row = ids.rows[tile_end];
  if (row >= ids.table_rows || ids.rows[tile_end - 1] != row) return false;
  if (tile_begin > 0 && ids.rows[tile_begin - 1] == row) return false;
  int64_t begin = tile_end - 1;
  while (begin > tile_begin && ids.rows[begin - 1] == row) --begin;
  const int64_t end = end_of_run(ids.rows, tile_end - 1, ids.count);
  run = {begin, end, tile, (end - 1) / kTilePlaces};
  return true;
}

// Where part k of so many begins, of `count` things shared out among them.
ESMM_HOST_DEVICE int64_t share_begin(int64_t count, int64_t parts, int64_t k) { return count * k / parts; }

// The bag that place i of the ids lies in: offsets[bag] <= i < offsets[bag + 1]. i < offsets[bags].
ESMM_HOST_DEVICE int64_t bag_of_place(const int64_t* offsets, int64_t bags, int64_t i) {
  int64_t low = 0, high = bags;  // offsets[low] <= i < offsets[high]
  while (low + 1 < high) {
    const int64_t middle = low + (high - low) / 2;
    (offsets[middle] <= i ? low : high) = middle;
  }
  return low;
}

}  // namespace esmm::ops
