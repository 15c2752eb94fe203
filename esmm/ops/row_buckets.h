#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "esmm/ops/bags.h"
#include "esmm/ops/row_kernels.h"

// How the ids of a step get into the order of their rows: first into buckets of 2^k rows each, by all threads
// together; then each bucket, which fits a core's cache, by whichever thread is to work on it. Ids of one row
// keep the order in which the batch has them, so sums over them are the same on any number of threads.
namespace esmm::ops::cpu {

// Where a table's rows are cut into buckets.
struct BucketSizes {
  int64_t table_rows;
  int bits;  // a bucket has 2^bits rows, the last perhaps fewer

  // ids: of the step; bytes: of all rows that a step works on beside those of ids. Both are spread to what
  // fits a cache.
  static BucketSizes of(int64_t table_rows, int64_t ids, int64_t other_bytes);

  int64_t count() const { return ((table_rows - 1) >> bits) + 1; }
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
  int64_t largest() const;
};

// All parts' ids, checked. Weights of parts without any are 1.
// ItemT: Item, WeightedItem<float>, WeightedItem<double>.
template <class ItemT>
Buckets<ItemT> into_buckets(const TableGradient& parts, const BucketSizes& sizes);

// Sorts the n items of one bucket by row, equal ones as they are: a radix sort, lowest digit first. Both
// arrays are changed; returns the one that holds the result.
template <class ItemT>
ItemT* sort_by_row(ItemT* items, ItemT* other, int64_t n, int bits);

}  // namespace esmm::ops::cpu
