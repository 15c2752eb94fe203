#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "esmm/ops/row_kernels.h"
#include "esmm/ops/row_numbers.h"
#include "esmm/ops/row_rules.h"
#include "esmm/ops/stochastic_rounding.h"

// The kernels of row_kernels.h, compiled by each file that includes this for its own kind of vectors.
namespace esmm::ops {
namespace {

constexpr int64_t kAhead = 12;  // ids between a prefetch and the use

// Calls body(Columns) for a usual D known to the compiler, else for D at run time. Doubles are for tests and
// for the curious: one version does.
template <class E, class Body>
[[gnu::always_inline]] inline void with_columns(int64_t D, const Body& body) {
  if constexpr (sizeof(E) < sizeof(double)) {
    switch (D) {
      case 1:
        return body(Columns<1>{D});
      case 8:
        return body(Columns<8>{D});
      case 16:
        return body(Columns<16>{D});
      case 18:
        return body(Columns<18>{D});
      case 32:
        return body(Columns<32>{D});
      case 64:
        return body(Columns<64>{D});
      case 128:
        return body(Columns<128>{D});
      default:
        break;
    }
  }
  body(Columns<0>{D});
}

// Calls body(width, first column) for the pieces that D columns are made of: all in one where D is known,
// else as many of 32 as fit, then one of 16, 8, 4, 2 and 1 each.
template <int64_t kWidth>
struct Width {
  static constexpr int64_t value = kWidth;
};
template <int64_t kD, class Body>
[[gnu::always_inline]] inline void in_pieces(Columns<kD> D, const Body& body) {
  if constexpr (kD > 0) {
    body(Width<kD>{}, 0);
  } else {
    int64_t d = 0;
    for (; d + 32 <= D; d += 32) body(Width<32>{}, d);
    const auto rest = [&](auto width) {
      if (D - d >= width.value) {
        body(width, d);
        d += width.value;
      }
    };
    rest(Width<16>{});
    rest(Width<8>{});
    rest(Width<4>{});
    rest(Width<2>{});
    rest(Width<1>{});
  }
}

template <bool kWeighted, class E, int64_t kD>
void sum_bags_of(const BagSums<E>& sums, Columns<kD> D, int64_t begin, int64_t end) {
  const int32_t* __restrict rows = sums.rows;
  const auto row_at = [&](int64_t i) { return sums.table + int64_t{rows[i]} * D; };
  for (int64_t bag = begin; bag < end; ++bag) {
    const int64_t first = sums.offsets[bag], last = sums.offsets[bag + 1];
    in_pieces(D, [&](auto width, int64_t column) {
      Numbers<Sum<E>, width.value> total;
      for (int64_t i = first; i < last; ++i) {
        if (column == 0 && i + kAhead < sums.ids) prefetch(row_at(i + kAhead), D);
        if constexpr (kWeighted) {
          total.add(sums.weights[i], row_at(i) + column);
        } else {
          total.add(row_at(i) + column);
        }
      }
      total.store(sums.out + bag * D + column);
    });
  }
}

template <class E>
void sum_bags(const BagSums<E>& sums, int64_t begin, int64_t end) {
  with_columns<E>(sums.dimension, [&](auto D) {
    if (sums.weights == nullptr) {
      sum_bags_of<false>(sums, D, begin, end);
    } else {
      sum_bags_of<true>(sums, D, begin, end);
    }
  });
}

// Where the gradient of a bag lies. `values` of a part is moved so that its bags count from 0; as a number,
// since it may point outside the part then.
template <class A, class D>
[[gnu::always_inline]] inline const A* gradient_of(const PartGradient<A>* parts, int64_t count, uint32_t bag,
                                                   D dimension) {
  const auto base = [&](const PartGradient<A>& part) {
    return reinterpret_cast<uintptr_t>(part.values) -
           uint64_t{part.first_bag} * static_cast<uint64_t>(dimension) * sizeof(A);
  };
  uintptr_t at = base(parts[0]);
  for (int64_t k = 1; k < count; ++k) at = bag >= parts[k].first_bag ? base(parts[k]) : at;
  return reinterpret_cast<const A*>(at + uint64_t{bag} * static_cast<uint64_t>(dimension) * sizeof(A));
}

template <class A>
[[gnu::always_inline]] inline void add(auto& total, const Item&, const A* from) {
  total.add(from);
}
template <class A>
[[gnu::always_inline]] inline void add(auto& total, const WeightedItem<A>& item, const A* from) {
  total.add(item.weight, from);
}

// gradients[k] = sum over the ids of runs[k], of which the first begins at `first`. Most runs are short, of a
// length that cannot be guessed: for the small D all ids go through one loop, which stores each sum so far
// and starts anew behind the last id of a run, without a branch.
template <class E, class ItemT, int64_t kD>
[[gnu::noinline]] void sum_runs(const TableUpdate<E>& update, Columns<kD> D, const ItemT* items,
                                int64_t count, int64_t first, const Run* runs, int64_t run_count,
                                Sum<E>* gradients) {
  using A = Sum<E>;
  const PartGradient<A>* parts = update.parts;
  const int64_t part_count = update.part_count;
  const auto gradient_at = [&](int64_t i) { return gradient_of(parts, part_count, items[i].bag, D); };
  const auto prefetch_behind = [&](int64_t i) {
    if (i + kAhead < count) prefetch(gradient_at(i + kAhead), D);
  };
  if constexpr (kD > 0 && kD <= 32) {
    Numbers<A, kD> total;
    const int64_t last = runs[run_count - 1].end;
    for (int64_t i = first, k = 0; i < last; ++i) {
      prefetch_behind(i);
      add(total, items[i], gradient_at(i));
      total.store(gradients + k * D);
      const int ends = i + 1 == int64_t{runs[k].end};
      total.keep(static_cast<BitsOf<A>>(ends - 1));
      k += ends;
    }
  } else {
    for (int64_t k = 0; k < run_count; ++k) {
      const int64_t end = runs[k].end;
      in_pieces(D, [&](auto width, int64_t column) {
        Numbers<A, width.value> total;
        for (int64_t i = first; i < end; ++i) {
          if (column == 0) prefetch_behind(i);
          add(total, items[i], gradient_at(i) + column);
        }
        total.store(gradients + k * D + column);
      });
      first = end;
    }
  }
}

// A row of the table to work on: in place where the table has the type of sums, else a copy that goes back
// rounded.
template <class A, int64_t kD, class Body>
[[gnu::always_inline]] inline void on_row(const TableUpdate<A>& update, uint64_t, Columns<kD> D, int64_t row,
                                          A*, const Body& body) {
  body(update.table + row * D);
}
template <int64_t kD, class Body>
[[gnu::always_inline]] inline void on_row(const TableUpdate<Bfloat16>& update, uint64_t step_key,
                                          Columns<kD> D, int64_t row, float* __restrict copy,
                                          const Body& body) {
  Bfloat16* __restrict at = update.table + row * D;
  uint32_t bits;
  for (int64_t d = 0; d < D; ++d) {
    bits = uint32_t{at[d].bits} << 16;
    std::memcpy(copy + d, &bits, sizeof(bits));
  }
  body(copy);
  const uint32_t key = rounding_key_of_row(step_key, row);
  for (int64_t d = 0; d < D; ++d) {
    std::memcpy(&bits, copy + d, sizeof(bits));
    at[d].bits = rounded_bits(bits, rounding_random(key, static_cast<uint32_t>(d)));
  }
}

template <class Rule, class E, int64_t kD>
[[gnu::noinline]] void move_runs(const TableUpdate<E>& update, const Rule& rule, Columns<kD> D, int64_t first,
                                 const Run* runs, int64_t run_count, const UpdateSpace<Sum<E>>& space) {
  using A = Sum<E>;
  const uint64_t step_key = rounding_key_of_step(update.options.seed, update.options.step);
  const A l2 = static_cast<A>(update.options.l2 / static_cast<double>(update.options.batch_size));
  for (int64_t k = 0; k < run_count; ++k) {
    const int64_t row = runs[k].row;
    A* __restrict g = space.gradients + k * D;
    on_row(update, step_key, D, row, space.row, [&](A* __restrict w) {
      if (l2 != 0) {
        const A pull = l2 * static_cast<A>(runs[k].end - first);
        for (int64_t d = 0; d < D; ++d) g[d] += pull * w[d];
      }
      rule(row, D, g, w);
    });
    first = runs[k].end;
  }
}

// Rows begin .. end - 1, which have no gradient.
template <class Rule, class A>
void move_rest(const TableUpdate<A>& update, const Rule& rule, int64_t begin, int64_t end, A*) {
  const int64_t D = update.dimension;
  rule.rest(begin * D, (end - begin) * D, update.table + begin * D);
}
template <class Rule>
void move_rest(const TableUpdate<Bfloat16>& update, const Rule& rule, int64_t begin, int64_t end,
               float* copy) {
  const Columns<0> D{update.dimension};
  const uint64_t step_key = rounding_key_of_step(update.options.seed, update.options.step);
  for (int64_t row = begin; row < end; ++row)
    on_row(update, step_key, D, row, copy, [&](float* w) { rule.rest(row * D, D, w); });
}

template <class E>
[[gnu::always_inline]] inline void prefetch_row(const TableUpdate<E>& update, int64_t row) {
  prefetch(update.table + row * update.dimension, update.dimension);
  for (int k = 0; k < 3 && update.state_columns[k] > 0; ++k)
    prefetch(update.state[k] + row * update.state_columns[k], update.state_columns[k]);
}

// The next runs of the items from `begin` on, kRunsPerBlock at most; returns how many. Each id is taken for
// the last of its run: no branch to guess wrong.
template <class ItemT>
[[gnu::always_inline]] inline int64_t next_runs(const ItemT* items, int64_t count, int64_t begin, Run* runs) {
  runs[0] = {items[begin].row, static_cast<uint32_t>(begin) + 1};
  int64_t k = 0;
  for (int64_t i = begin + 1; i < count; ++i) {
    k += items[i].row != items[i - 1].row;
    if (k == kRunsPerBlock) return k;
    runs[k] = {items[i].row, static_cast<uint32_t>(i) + 1};
  }
  return k + 1;
}

template <class E, class ItemT>
void update_rows(const TableUpdate<E>& update, const ItemT* items, int64_t count, int64_t row_begin,
                 int64_t row_end, const UpdateSpace<Sum<E>>& space) {
  with_columns<E>(update.dimension, [&](auto D) {
    with_rule(update, [&](const auto& rule) {
      using Rule = std::remove_cvref_t<decltype(rule)>;
      Run runs[kRunsPerBlock];
      int64_t rest_begin = row_begin;
      for (int64_t i = 0; i < count;) {
        const int64_t run_count = next_runs(items, count, i, runs);
        for (int64_t k = 0; k < run_count; ++k) prefetch_row(update, runs[k].row);
        sum_runs(update, D, items, count, i, runs, run_count, space.gradients);
        move_runs(update, rule, D, i, runs, run_count, space);
        i = runs[run_count - 1].end;
        if constexpr (moves_all<Rule>) {
          for (int64_t k = 0; k < run_count; ++k) {
            if (rest_begin < runs[k].row) move_rest(update, rule, rest_begin, runs[k].row, space.row);
            rest_begin = int64_t{runs[k].row} + 1;
          }
        }
      }
      if constexpr (moves_all<Rule>) move_rest(update, rule, rest_begin, row_end, space.row);
    });
  });
}

template <class E>
constexpr RowKernels<E> row_kernels_here{sum_bags<E>, update_rows<E, Item>,
                                         update_rows<E, WeightedItem<Sum<E>>>};

}  // namespace
}  // namespace esmm::ops
