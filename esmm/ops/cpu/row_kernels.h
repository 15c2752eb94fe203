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
template <class E, class Out>
struct BagSums {
  const E* table;
  int64_t dimension;  // D
  const int32_t* rows;
  int64_t ids;  // N
  const int64_t* offsets;
  const Sum<E>* weights;  // null: all 1
  Out* out;
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

// The gradients [B * F, D] of all parts' bags. That of a bag, counted through all parts, lies D * bag numbers
// of G behind its part's origin: an address, which may be outside the part's own memory.
template <class G>
struct BagGradients {
  struct Part {
    uint32_t first_bag;
    uintptr_t origin;
  };
  int64_t dimension;  // D
  uintptr_t first_origin;
  const Part* others;  // behind the first
  int64_t other_parts;
};

// The ids of a step that name one of the rows from row_begin on, which make a bucket, in their order.
template <class ItemT>
struct BucketItems {
  const ItemT* items;
  int64_t count;
  int64_t available;  // how many may be read: those of buckets behind are worth a prefetch
  uint32_t row_begin;
};

// Work space of one thread for a bucket of R rows.
template <class A>
struct BucketSpace {
  A* sums;            // [R, D], only touched rows are set
  uint32_t* counts;   // [R], ids that name each row, once for each impression; all 0 between buckets
  A* scales;          // [R], of squares (update_rule.h), only touched rows are set; null: all 1
  uint32_t* touched;  // [R + 1], the rows with ids, from 0, in the order of their first
  A* row;             // [D]
};

template <class E>
struct TableUpdate {
  UpdateRule rule;
  UpdateOptions options;
  E* table;
  int64_t rows, dimension;   // V, D
  Sum<E>* state[3];          // of the rule, as TableState has it
  int64_t state_columns[3];  // numbers per row; 0: no such state
};

template <class E>
struct RowKernels {
  // Bags begin .. end - 1 of a table of E; the second rounds to the nearest.
  void (*sum_bags)(const BagSums<E, Sum<E>>& sums, int64_t begin, int64_t end);
  void (*sum_bags_rounded)(const BagSums<E, Bfloat16>& sums, int64_t begin, int64_t end);
  // Sums gradients of E by row. Returns how many rows are touched.
  int64_t (*sum_items)(const BagGradients<E>& gradients, const BucketItems<Item>& bucket,
                       const BucketSpace<Sum<E>>& space);
  int64_t (*sum_weighted_items)(const BagGradients<E>& gradients,
                                const BucketItems<WeightedItem<Sum<E>>>& bucket,
                                const BucketSpace<Sum<E>>& space);
  // Moves rows row_begin .. row_end - 1 of a table of E by what is in `space`, and sets its counts to 0.
  void (*move_rows)(const TableUpdate<E>& update, int64_t row_begin, int64_t row_end, int64_t touched,
                    const BucketSpace<Sum<E>>& space);
};

// One set for each kind of vectors. E: float, double, Bfloat16.
template <class E>
struct RowKernelSets {
  static const RowKernels<E> portable, avx2, avx512;
};

}  // namespace esmm::ops
