#pragma once

#include <cstdint>

#include "esmm/ops/bfloat16.h"
#include "esmm/ops/update_rule.h"

// The inner loops of the CPU's kernels, on plain memory. They are compiled once for each kind of vectors
// (row_kernels_avx512.cc, …), so nothing here or in what they include may be a function that another file
// could share: the linker would keep one version, and a machine without those vectors would run it.
namespace esmm::ops {

// What sums of rows of E are made in.
template <class E>
struct SumOf {
  using type = E;
};
template <>
struct SumOf<Bfloat16> {
  using type = float;
};
template <class E>
using Sum = typename SumOf<E>::type;

// A look-up: bags_forward on pointers.
template <class E>
struct BagSums {
  const E* table;
  int64_t dimension;  // D
  const int32_t* rows;
  int64_t ids;  // N
  const int64_t* offsets;
  const Sum<E>* weights;  // null: all 1
  Sum<E>* out;
};

// An id of a step: its table row, and the bag that it lies in, counted through all parts.
struct Item {
  uint32_t row, bag;
};
template <class A>
struct WeightedItem {
  uint32_t row, bag;
  A weight;
};

// The gradients [B * F, D] of a part's bags.
template <class A>
struct PartGradient {
  uint32_t first_bag;  // its bags count from here
  const A* values;
};

// Ids of a bucket up to `end` - 1, from where the run before it ends, name `row`.
struct Run {
  uint32_t row, end;
};

// Numbers of work space that an update needs for each thread, beside the runs.
constexpr int64_t kRunsPerBlock = 64;

template <class E>
struct TableUpdate {
  UpdateRule rule;
  UpdateOptions options;
  E* table;
  int64_t dimension;         // D
  Sum<E>* state[3];          // of the rule, as TableState has it
  int64_t state_columns[3];  // numbers per row; 0: no such state
  const PartGradient<Sum<E>>* parts;
  int64_t part_count;
};

// Work space of one thread.
template <class A>
struct UpdateSpace {
  A* gradients;  // [kRunsPerBlock, D]
  A* row;        // [2 D]
};

template <class E>
struct RowKernels {
  // Bags begin .. end - 1.
  void (*sum_bags)(const BagSums<E>& sums, int64_t begin, int64_t end);
  // Moves rows row_begin .. row_end - 1 of the table, given the items of all ids that name one of them, by
  // row.
  void (*update)(const TableUpdate<E>& update, const Item* sorted, int64_t count, int64_t row_begin,
                 int64_t row_end, const UpdateSpace<Sum<E>>& space);
  void (*update_weighted)(const TableUpdate<E>& update, const WeightedItem<Sum<E>>* sorted, int64_t count,
                          int64_t row_begin, int64_t row_end, const UpdateSpace<Sum<E>>& space);
};

// One set for each kind of vectors. E: float, double, Bfloat16.
template <class E>
struct RowKernelSets {
  static const RowKernels<E> portable, avx2, avx512;
};

}  // namespace esmm::ops
