#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "esmm/ops/bags.h"
#include "esmm/ops/cpu/row_kernels.h"

// How the ids of a step get to their rows: into buckets of 2^k rows each, by all threads together. Each
// bucket is then worked on by one thread, in whose cache its sums fit. The ids of a bucket keep the order in
// which the batch has them, so sums over them are the same on any number of threads.
namespace esmm::ops::cpu {

// Where a table's rows are cut into buckets.
struct BucketSizes {
  int64_t table_rows;
  int bits;  // a bucket has 2^bits rows, the last perhaps fewer

  // As many rows as fit a cache, fewer where a thread had too few buckets, more where there were too many to
  // fill at once. table_rows: at least 1.
  static BucketSizes of(int64_t table_rows, int64_t bytes_of_a_row);

  int64_t count() const { return ((table_rows - 1) >> bits) + 1; }
  int64_t rows() const { return int64_t{1} << bits; }
  int64_t row_begin(int64_t bucket) const { return bucket << bits; }
  int64_t row_end(int64_t bucket) const;
};

template <class ItemT>
struct Buckets {
  std::unique_ptr<ItemT[]> items;
  std::vector<int64_t> begins;  // of each bucket's items; the last: N

  ItemT* begin(int64_t bucket) const { return items.get() + begins[static_cast<size_t>(bucket)]; }
  int64_t size(int64_t bucket) const {
    return begins[static_cast<size_t>(bucket) + 1] - begins[static_cast<size_t>(bucket)];
  }
};

// All parts' ids, checked. Weights of parts without any are 1.
// ItemT: Item, WeightedItem<float>, WeightedItem<double>.
template <class ItemT>
Buckets<ItemT> into_buckets(const TableGradient& parts, const BucketSizes& sizes);

}  // namespace esmm::ops::cpu
