#pragma once

#include <cstdint>

#include "esmm/ops/cuda/grid_gradient.h"
#include "esmm/ops/cuda/grid_numbers.h"
#include "esmm/ops/cuda/row_pieces.h"
#include "esmm/ops/element_rules.h"
#include "esmm/ops/row_shares.h"
#include "esmm/ops/stochastic_rounding.h"

// The GPU's update of a table: what one group of threads does for a piece of a run (row_pieces.h), for a
// split run, and for a row without a gradient. A Group has
//   lane(), lanes()   this thread's place in its group; together the lanes have the columns of a row
//   sum(x)            over the group's lanes
//   team_sum(x)       over the groups that work on one split run, for each lane; each group gets the same
//   number team(), teams()   this group's place among them wait()            until all lanes of the group are
//   here
// All lanes of a group, and all groups of a team, call the same functions in the same order.
namespace esmm::ops {

// The sorted ids' bags and weights.
struct GridIds {
  SortedRows sorted;
  const uint32_t*
      entries;  // [N]: each id's bag; where ids have weights its place in the step, which is where it has
  const uint32_t* bags;  // [N] its bag, and
  const float* weights;  // [N] its weight. Null: no weights
};

// What changes from step to step. It lies in memory that the threads read, not among their arguments: so a
// captured graph of their launches can be run for another step.
template <class Rule>
struct GridStep {
  Rule rule;
  float l2;           // l2 / B
  uint64_t step_key;  // of a bfloat16 table's rounding

  explicit GridStep(const UpdateOptions& o)
      : rule(o),
        l2(static_cast<float>(o.l2 / static_cast<double>(o.batch_size))),
        step_key(rounding_key_of_step(o.seed, o.step)) {}
};

template <class Rule, class E>
struct GridUpdate {
  const GridStep<Rule>* step;
  E* table;  // float or Bfloat16
  int64_t dimension;
  float* elements[2];  // the rule's state per element
  float* row_state;    // and per row
  uint8_t* touched;    // [V], 0; where the rule moves all rows: becomes 1 for those that have a gradient
  GridIds ids;
  GridGradient gradient;
  float* sums;                 // [2 * tiles, D]: of the pieces of split runs
  const Share<float>* shares;  // of each bag, counted through all parts; null: all are an impression's own
  Share<float>* piece_shares;  // [2 * tiles], with shares: of the pieces of split runs
};

// sums += the gradients of the ids at places begin .. end - 1, columns `column` to `column` + kW - 1.
template <int kW, class Rule, class E>
ESMM_HOST_DEVICE void add_ids(const GridUpdate<Rule, E>& update, int64_t begin, int64_t end, int64_t column,
                              float (&sums)[kW]) {
  const GridIds& ids = update.ids;
  ESMM_UNROLL(4)
  for (int64_t i = begin; i < end; ++i) {
    const uint32_t entry = ids.entries[i];
    const bool weighted = ids.weights != nullptr;
    add_gradient<kW>(update.gradient, update.dimension, weighted ? ids.bags[entry] : entry,
                     weighted ? ids.weights[entry] : 1.0f, column, sums);
  }
}

// The share of the ids at places begin .. end - 1 together.
template <class Rule, class E>
ESMM_HOST_DEVICE Share<float> share_of_ids(const GridUpdate<Rule, E>& update, int64_t begin, int64_t end) {
  if (update.shares == nullptr) return {static_cast<uint32_t>(end - begin), 1};
  const GridIds& ids = update.ids;
  const auto share_at = [&](int64_t i) {
    const uint32_t entry = ids.entries[i];
    return update.shares[ids.weights != nullptr ? ids.bags[entry] : entry];
  };
  Share<float> share = share_at(begin);
  for (int64_t i = begin + 1; i < end; ++i) share = together(share, share_at(i));
  return share;
}

template <int kW>
ESMM_HOST_DEVICE void put_row(const float (&w)[kW], float* to, uint64_t, int64_t, int64_t) {
  store<kW>(w, to);
}
template <int kW>
ESMM_HOST_DEVICE void put_row(const float (&w)[kW], Bfloat16* to, uint64_t step_key, int64_t row,
                              int64_t column) {
  const uint32_t key = rounding_key_of_row(step_key, row);
  Pack<Bfloat16, kW> pack;
  for (int k = 0; k < kW; ++k) {
    pack.numbers[k].bits = rounded_bits(__builtin_bit_cast(uint32_t, w[k]),
                                        rounding_random(key, static_cast<uint32_t>(column + k)));
  }
  *reinterpret_cast<Pack<Bfloat16, kW>*>(to) = pack;
}

// move(w, s0, s1) for each of kW elements at a place of the table, with as many numbers of state as the rule
// has.
template <int kW, class Rule, class E, class Move>
ESMM_HOST_DEVICE void move_elements(const GridUpdate<Rule, E>& update, int64_t at, float (&w)[kW],
                                    const Move& move) {
  float s0[kW] = {}, s1[kW] = {};
  if (Rule::kElementState > 0) load<kW>(update.elements[0] + at, s0);
  if (Rule::kElementState > 1) load<kW>(update.elements[1] + at, s1);
  for (int k = 0; k < kW; ++k) move(k, w[k], s0[k], s1[k]);
  if (Rule::kElementState > 0) store<kW>(s0, update.elements[0] + at);
  if (Rule::kElementState > 1) store<kW>(s1, update.elements[1] + at);
}

// Moves a row, whose ids have that share together. gradient(column, sums): the sum of their gradients, which
// all groups of the team are asked for, also for columns beyond the last; one of them moves the row. Rows
// wider than a group are worked on piece by piece, and summed once more where the rule wants their mean
// square first: they are rare.
template <int kW, class Rule, class E, class Group, class Gradient>
ESMM_HOST_DEVICE void move_row(const GridUpdate<Rule, E>& update, const Group& group, int64_t row,
                               Share<float> share, const Gradient& gradient) {
  const int64_t D = update.dimension, step = int64_t{group.lanes()} * kW, mine = int64_t{group.lane()} * kW;
  const bool moves = group.team() == 0, in_one = step >= D;
  const GridStep<Rule> now = *update.step;  // a copy: what is written to memory cannot change it
  const float pull = now.l2 * static_cast<float>(share.impressions);
  float g[kW] = {}, w[kW] = {};
  const auto get = [&](int64_t column) {
    for (int k = 0; k < kW; ++k) g[k] = w[k] = 0;
    gradient(column, g);
    if (!moves || column >= D) return;
    load<kW>(update.table + row * D + column, w);
    for (int k = 0; k < kW; ++k) g[k] += pull * w[k];
  };
  float squares = 0;
  if (Rule::kMeanSquare) {
    for (int64_t first = 0; first < D; first += step) {
      get(first + mine);
      if (first + mine < D) {
        for (int k = 0; k < kW; ++k) squares += g[k] * g[k];
      }
    }
    squares = share.scale * share.scale * group.sum(squares);
  }
  float* const state = update.row_state + row * Rule::kRowState;
  float row_state[Rule::kRowState + 1] = {};
  if (Rule::kRowState > 0 && moves) {
    for (int k = 0; k < Rule::kRowState; ++k) row_state[k] = state[k];
  }
  const auto of_row = now.rule.row(squares / static_cast<float>(D), row_state);
  group.wait();  // all have read the state before one writes it
  if (moves && group.lane() == 0) {
    for (int k = 0; k < Rule::kRowState; ++k) state[k] = row_state[k];
    if (Rule::kMovesAll) update.touched[row] = 1;
  }
  for (int64_t first = 0; first < D; first += step) {
    const int64_t column = first + mine;
    if (!Rule::kMeanSquare || !in_one) get(column);
    if (!moves || column >= D) continue;
    const int64_t at = row * D + column;
    move_elements<kW>(update, at, w, [&](int k, float& x, float& s0, float& s1) {
      const float h = share.scale * g[k];
      if constexpr (Rule::kElementState == 0) now.rule.element(of_row, g[k], h, x);
      if constexpr (Rule::kElementState == 1) now.rule.element(of_row, g[k], h, x, s0);
      if constexpr (Rule::kElementState == 2) now.rule.element(of_row, g[k], h, x, s0, s1);
    });
    put_row<kW>(w, update.table + at, now.step_key, row, column);
  }
}

// What begins at a place of the sorted ids: moves the row of a run that is whole, keeps the sum of a piece of
// a split one.
template <int kW, class Rule, class E, class Group>
ESMM_HOST_DEVICE void update_piece(const GridUpdate<Rule, E>& update, const Group& group, int64_t place) {
  Piece piece;
  if (!piece_at(update.ids.sorted, place, piece)) return;
  const int64_t D = update.dimension;
  const auto gradient = [&](int64_t column, float(&sums)[kW]) {
    if (column < D) add_ids<kW>(update, piece.begin, piece.end, column, sums);
  };
  const Share<float> share = share_of_ids(update, piece.begin, piece.end);
  if (piece.whole()) {
    move_row<kW>(update, group, update.ids.sorted.rows[place], share, gradient);
    return;
  }
  const int64_t slot = slot_of_piece(place / kTilePlaces, piece.goes_back);
  if (update.shares != nullptr && group.lane() == 0) update.piece_shares[slot] = share;
  for (int64_t column = int64_t{group.lane()} * kW; column < D; column += int64_t{group.lanes()} * kW) {
    float sums[kW] = {};
    gradient(column, sums);
    store<kW>(sums, update.sums + slot * D + column);
  }
}

// Moves the row of the split run that begins in a tile, if one does, once all pieces have their sums: the
// groups of a team add up a share of them each.
template <int kW, class Rule, class E, class Group>
ESMM_HOST_DEVICE void update_split_run(const GridUpdate<Rule, E>& update, const Group& group, int64_t tile) {
  SplitRun run;
  if (!split_run_of(update.ids.sorted, tile, run)) return;
  const int64_t D = update.dimension;
  const int64_t begin = share_begin(run.pieces(), group.teams(), group.team()),
                end = share_begin(run.pieces(), group.teams(), group.team() + 1);
  Share<float> share{static_cast<uint32_t>(run.end - run.begin), 1};
  if (update.shares != nullptr) {
    share = update.piece_shares[run.slot(0)];
    ESMM_UNROLL(4)
    for (int64_t piece = 1; piece < run.pieces(); ++piece)
      share = together(share, update.piece_shares[run.slot(piece)]);
  }
  move_row<kW>(update, group, update.ids.sorted.rows[run.begin], share,
               [&](int64_t column, float(&sums)[kW]) {
                 if (column < D) {
                   ESMM_UNROLL(4)
                   for (int64_t piece = begin; piece < end; ++piece)
                     add<kW>(1.0f, update.sums + run.slot(piece) * D + column, sums);
                 }
                 for (int k = 0; k < kW; ++k) sums[k] = group.team_sum(sums[k]);
               });
}

// Moves a row that has no gradient, by a rule that moves all rows.
template <int kW, class Rule, class E, class Group>
ESMM_HOST_DEVICE void update_rest(const GridUpdate<Rule, E>& update, const Group& group, int64_t row) {
  if (update.touched[row] != 0) return;
  const GridStep<Rule> now = *update.step;
  const int64_t D = update.dimension;
  for (int64_t column = int64_t{group.lane()} * kW; column < D; column += int64_t{group.lanes()} * kW) {
    const int64_t at = row * D + column;
    float w[kW];
    load<kW>(update.table + at, w);
    move_elements<kW>(update, at, w, [&](int, float& x, float& m, float& v) { now.rule.rest(x, m, v); });
    put_row<kW>(w, update.table + at, now.step_key, row, column);
  }
}

}  // namespace esmm::ops
