#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "esmm/ops/cpu/row_columns.h"
#include "esmm/ops/cpu/row_kernels.h"
#include "esmm/ops/cpu/row_numbers.h"
#include "esmm/ops/cpu/row_rules.h"
#include "esmm/ops/stochastic_rounding.h"

// The kernels of row_kernels.h, compiled by each file that includes this for its own kind of vectors.
namespace esmm::ops {
namespace {

template <bool kWeighted, class E, class Out, int64_t kD>
void sum_bags_of(const BagSums<E, Out>& sums, Columns<kD> D, int64_t begin, int64_t end) {
  const int32_t* __restrict rows = sums.rows;
  const int64_t ahead = rows_ahead<E>(D);
  const auto row_at = [&](int64_t i) { return sums.table + int64_t{rows[i]} * D; };
  for (int64_t bag = begin; bag < end; ++bag) {
    const int64_t first = sums.offsets[bag], last = sums.offsets[bag + 1];
    in_pieces(D, [&](auto width, int64_t column) {
      Numbers<Sum<E>, width.value> total;
      for (int64_t i = first; i < last; ++i) {
        if (column == 0 && i + ahead < sums.ids) prefetch(row_at(i + ahead), D);
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

template <class E, class Out>
void sum_bags(const BagSums<E, Out>& sums, int64_t begin, int64_t end) {
  with_columns<E>(sums.dimension, [&](auto D) {
    if (sums.weights == nullptr) {
      sum_bags_of<false>(sums, D, begin, end);
    } else {
      sum_bags_of<true>(sums, D, begin, end);
    }
  });
}

// Where the gradient of a bag lies.
template <class G, int64_t kD>
[[gnu::always_inline]] inline const G* gradient_of(BagGradients<G> gradients, uint32_t bag, Columns<kD> D) {
  uintptr_t origin = gradients.first_origin;
  for (int64_t k = 0; k < gradients.other_parts; ++k)
    origin = bag >= gradients.others[k].first_bag ? gradients.others[k].origin : origin;
  return reinterpret_cast<const G*>(origin + uint64_t{bag} * static_cast<uint64_t>(int64_t{D}) * sizeof(G));
}

template <class G>
[[gnu::always_inline]] inline void add(auto& total, const Item&, const G* from) {
  total.add(from);
}
template <class G>
[[gnu::always_inline]] inline void add(auto& total, const WeightedItem<Sum<G>>& item, const G* from) {
  total.add(item.weight, from);
}

// Sums of a bucket's rows fit the cache. What an id's row is cannot be guessed, nor whether it is the row's
// first: there is no branch on either.
// (What it works on comes by value: the compiler has to suppose that stores change what lies in memory.)
template <class G, class ItemT, int64_t kD>
int64_t sum_items_of(BagGradients<G> gradients, Columns<kD> D, BucketItems<ItemT> bucket,
                     BucketSpace<Sum<G>> space) {
  using A = Sum<G>;
  const ItemT* items = bucket.items;
  const int64_t ahead = rows_ahead<G>(D);
  int64_t touched = 0;
  for (int64_t i = 0; i < bucket.count; ++i) {
    if (i + ahead < bucket.available) prefetch(gradient_of(gradients, items[i + ahead].bag, D), D);
    const uint32_t row = items[i].row - bucket.row_begin;
    const int is_first = space.counts[row]++ == 0;
    space.touched[touched] = row;
    touched += is_first;
    A* sum = space.sums + int64_t{row} * D;
    const G* from = gradient_of(gradients, items[i].bag, D);
    in_pieces(D, [&](auto width, int64_t column) {
      Numbers<A, width.value> total;
      total.load_from(sum + column);
      total.keep(static_cast<BitsOf<A>>(is_first - 1));
      add(total, items[i], from + column);
      total.store(sum + column);
    });
  }
  return touched;
}

template <class G, class ItemT>
int64_t sum_items(const BagGradients<G>& gradients, const BucketItems<ItemT>& bucket,
                  const BucketSpace<Sum<G>>& space) {
  int64_t touched = 0;
  with_columns<G>(gradients.dimension, [&](auto D) { touched = sum_items_of(gradients, D, bucket, space); });
  return touched;
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

template <class E>
[[gnu::always_inline]] inline void prefetch_row(const TableUpdate<E>& update, int64_t row) {
  prefetch(update.table + row * update.dimension, update.dimension);
  for (int k = 0; k < 3 && update.state_columns[k] > 0; ++k)
    prefetch(update.state[k] + row * update.state_columns[k], update.state_columns[k]);
}

template <class Rule, class E, int64_t kD>
[[gnu::noinline]] void move_touched(const TableUpdate<E>& update, const Rule& rule, Columns<kD> D,
                                    int64_t row_begin, int64_t touched, const BucketSpace<Sum<E>>& space) {
  using A = Sum<E>;
  const uint64_t step_key = rounding_key_of_step(update.options.seed, update.options.step);
  const A l2 = static_cast<A>(update.options.l2 / static_cast<double>(update.options.batch_size));
  const int64_t ahead = rows_ahead<E>(D) / 4;  // beside a row its state is read
  for (int64_t k = -ahead; k < touched; ++k) {
    if (k + ahead < touched) prefetch_row(update, row_begin + space.touched[k + ahead]);
    if (k < 0) continue;
    const uint32_t at = space.touched[k];
    A* __restrict g = space.sums + int64_t{at} * D;
    const A scale = space.scales == nullptr ? A{1} : space.scales[at];
    on_row(update, step_key, D, row_begin + at, space.row, [&](A* __restrict w) {
      if (l2 != 0) {
        const A pull = l2 * static_cast<A>(space.counts[at]);
        for (int64_t d = 0; d < D; ++d) g[d] += pull * w[d];
      }
      rule(row_begin + at, D, g, scale, w);
    });
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

template <class Rule, class E>
void move_untouched(const TableUpdate<E>& update, const Rule& rule, int64_t row_begin, int64_t row_end,
                    const BucketSpace<Sum<E>>& space) {
  int64_t rest_begin = row_begin;
  for (int64_t row = row_begin; row < row_end; ++row) {
    if (space.counts[row - row_begin] == 0) continue;
    if (rest_begin < row) move_rest(update, rule, rest_begin, row, space.row);
    rest_begin = row + 1;
  }
  move_rest(update, rule, rest_begin, row_end, space.row);
}

template <class E>
void move_rows(const TableUpdate<E>& update, int64_t row_begin, int64_t row_end, int64_t touched,
               const BucketSpace<Sum<E>>& space) {
  with_rule(update, [&](const auto& rule) {
    with_columns<E>(update.dimension,
                    [&](auto D) { move_touched(update, rule, D, row_begin, touched, space); });
    if constexpr (moves_all<std::remove_cvref_t<decltype(rule)>>)
      move_untouched(update, rule, row_begin, row_end, space);
  });
  for (int64_t k = 0; k < touched; ++k) space.counts[space.touched[k]] = 0;
}

// A double table's sums are never rounded to bfloat16.
template <class E>
constexpr auto sum_bags_rounded = sum_bags<E, Bfloat16>;
template <>
constexpr decltype(RowKernels<double>::sum_bags_rounded) sum_bags_rounded<double> = nullptr;

template <class E>
constexpr RowKernels<E> row_kernels_here{sum_bags<E, Sum<E>>, sum_bags_rounded<E>, sum_items<E, Item>,
                                         sum_items<E, WeightedItem<Sum<E>>>, move_rows<E>};

}  // namespace
}  // namespace esmm::ops
