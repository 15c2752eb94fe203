#include "esmm/ops/cpu/row_buckets.h"

#include <algorithm>
#include <bit>
#include <type_traits>
#include <utility>

#include "esmm/ops/cpu/cpu_support.h"

namespace esmm::ops::cpu {
namespace {

constexpr int64_t kBytesPerBucket = 1 << 18;  // of the sums of its rows: half of the smallest second cache
constexpr int64_t kBucketsPerThread = 8;      // so that none waits long for another
constexpr int kMostBucketBits = 12;           // 4,096 open cache lines while filling
constexpr int64_t kSmallestChunk = 1 << 14;   // ids; fewer are not worth waking a thread for

template <class ItemT>
constexpr bool is_weighted = !std::is_same_v<ItemT, Item>;

int bits_of(int64_t number) { return static_cast<int>(std::bit_width(static_cast<uint64_t>(number))); }

// Asks for the cache line behind, to write to: a bucket's next, which would be waited for otherwise.
void prefetch_next_line(const void* at) {
  constexpr uintptr_t kLine = 64;
  __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<uintptr_t>(at) + kLine), /*rw=*/1);
}

// A part's arrays, and what lies before it.
template <class ItemT>
struct Part {
  const int32_t* rows;
  const int64_t* offsets;
  int64_t bags, first_id, first_bag;
  const void* weights;  // null: all 1

  // Calls body(i, bag) for ids begin .. end - 1, counted from this part's first.
  template <class Body>
  void for_ids(int64_t begin, int64_t end, const Body& body) const {
    int64_t bag = std::upper_bound(offsets, offsets + bags + 1, begin) - offsets - 1;
    for (int64_t i = begin; i < end; ++bag) {
      for (const int64_t last = std::min(end, offsets[bag + 1]); i < last; ++i) body(i, bag);
    }
  }

  ItemT item(int64_t i, int64_t bag) const {
    const auto row = static_cast<uint32_t>(rows[i]), global_bag = static_cast<uint32_t>(first_bag + bag);
    if constexpr (is_weighted<ItemT>) {
      using A = decltype(ItemT::weight);
      return {row, global_bag, weights == nullptr ? A{1} : static_cast<const A*>(weights)[i]};
    } else {
      return {row, global_bag};
    }
  }
};

template <class ItemT>
std::vector<Part<ItemT>> parts_of(const TableGradient& gradients, int64_t& ids) {
  std::vector<Part<ItemT>> parts;
  int64_t bags = 0;
  for (const BagGradient& gradient : gradients) {
    const TableBags& from = gradient.bags;
    parts.push_back({.rows = from.rows.const_data_ptr<int32_t>(),
                     .offsets = from.offsets.const_data_ptr<int64_t>(),
                     .bags = from.offsets.numel() - 1,
                     .first_id = ids,
                     .first_bag = bags,
                     .weights = from.weights.defined() ? from.weights.const_data_ptr() : nullptr});
    ids += from.rows.numel();
    bags += parts.back().bags;
  }
  return parts;
}

template <class ItemT>
Buckets<ItemT> filled_buckets(const TableGradient& gradients, const BucketSizes& sizes) {
  int64_t ids = 0;
  const std::vector<Part<ItemT>> parts = parts_of<ItemT>(gradients, ids);
  const int64_t chunks = std::clamp<int64_t>(ids / kSmallestChunk, 1, at::get_num_threads());
  // Calls body(part, begin, end) for what a chunk has of each part.
  const auto for_parts = [&](int64_t chunk, const auto& body) {
    const int64_t begin = ids * chunk / chunks, end = ids * (chunk + 1) / chunks;
    for (size_t k = 0; k < parts.size(); ++k) {
      const int64_t first = parts[k].first_id, last = k + 1 < parts.size() ? parts[k + 1].first_id : ids;
      if (std::max(begin, first) < std::min(end, last))
        body(parts[k], std::max(begin, first) - first, std::min(end, last) - first);
    }
  };

  const auto count = static_cast<size_t>(sizes.count());
  const int bits = sizes.bits;
  std::vector<uint32_t> places(count * static_cast<size_t>(chunks));  // [chunk, bucket]
  in_parallel(chunks, [&](int64_t chunk) {
    uint32_t* of_chunk = places.data() + static_cast<size_t>(chunk) * count;
    for_parts(chunk, [&](const Part<ItemT>& part, int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) ++of_chunk[static_cast<uint32_t>(part.rows[i]) >> bits];
    });
  });

  Buckets<ItemT> buckets{std::make_unique_for_overwrite<ItemT[]>(static_cast<size_t>(ids)), {}};
  uint32_t begin_of_next = 0;
  for (size_t bucket = 0; bucket < count; ++bucket) {
    buckets.begins.push_back(begin_of_next);
    for (size_t place = bucket; place < places.size(); place += count)
      begin_of_next += std::exchange(places[place], begin_of_next);
  }
  buckets.begins.push_back(begin_of_next);

  in_parallel(chunks, [&](int64_t chunk) {
    uint32_t* of_chunk = places.data() + static_cast<size_t>(chunk) * count;
    ItemT* items = buckets.items.get();
    for_parts(chunk, [&](const Part<ItemT>& part, int64_t begin, int64_t end) {
      part.for_ids(begin, end, [&](int64_t i, int64_t bag) {
        ItemT* item = items + of_chunk[static_cast<uint32_t>(part.rows[i]) >> bits]++;
        prefetch_next_line(item);
        *item = part.item(i, bag);
      });
    });
  });
  return buckets;
}

}  // namespace

BucketSizes BucketSizes::of(int64_t table_rows, int64_t bytes_of_a_row) {
  const int64_t rows_that_fit = kBytesPerBucket / bytes_of_a_row,
                rows_for_all = table_rows / (kBucketsPerThread * at::get_num_threads());
  const int wanted = bits_of(std::max<int64_t>(1, std::min(rows_that_fit, rows_for_all))) - 1;
  return {table_rows, std::max(wanted, bits_of(table_rows - 1) - kMostBucketBits)};
}

int64_t BucketSizes::row_end(int64_t bucket) const { return std::min(table_rows, row_begin(bucket + 1)); }

template <class ItemT>
Buckets<ItemT> into_buckets(const TableGradient& parts, const BucketSizes& sizes) {
  return filled_buckets<ItemT>(parts, sizes);
}

#define ESMM_FOR_ITEM(ItemT)      \
  template struct Buckets<ItemT>; \
  template Buckets<ItemT> into_buckets<ItemT>(const TableGradient&, const BucketSizes&);
ESMM_FOR_ITEM(Item)
ESMM_FOR_ITEM(WeightedItem<float>)
ESMM_FOR_ITEM(WeightedItem<double>)
#undef ESMM_FOR_ITEM

}  // namespace esmm::ops::cpu
