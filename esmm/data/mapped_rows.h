#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <arrow/record_batch.h>

#include "esmm/data/stored_bag.h"
#include "esmm/features/schema.h"

namespace esmm::data {

// Bags of some fields in memory-mapped batches, with plain pointers: what gathering a batch reads. Fields are
// meant by their place among the fields. What an operation finds wrong in the file it throws as Error.
class MappedRows {
 public:
  // fields: their columns begin at `first` in each batch. Throws Error, naming `file`, where there are nulls.
  MappedRows(std::vector<std::shared_ptr<arrow::RecordBatch>> batches, const Schema& schema,
             const std::vector<int64_t>& fields, int first, std::string file);

  struct Place {
    int64_t batch, row;
  };
  // row: 0 .. size() - 1
  Place locate(int64_t row) const {
    int64_t batch = batch_of_block_[row >> kBlockBits];
    while (row >= starts_[batch + 1]) ++batch;
    return {batch, row - starts_[batch]};
  }

  // bags[i * stride]: the bag of places[i].
  void find_bags(std::span<const Place> places, size_t field, StoredBag* bags, size_t stride) const;

  // Mixes the ids and weights of the bags of places[i] into hashes[i].
  void hash_bags(std::span<const Place> places, size_t field, std::span<uint64_t> hashes) const;

  // Whether two rows have the same ids and weights.
  bool same_bags(Place a, Place b, size_t field) const;

  // Calls visit(address, bytes) for the memory that holds the rows [first, first + count) of the fields, and
  // of the columns `others`, whose values have a fixed width.
  void visit_memory(int64_t first, int64_t count, std::span<const int> others,
                    const std::function<void(const void*, size_t)>& visit) const;

  int64_t size() const { return starts_.back(); }
  double ids_per_bag() const;  // the mean; 0 where there are none
  const std::vector<std::shared_ptr<arrow::RecordBatch>>& batches() const { return batches_; }
  [[noreturn]] void throw_damaged() const;

 private:
  static constexpr int kBlockBits = 16;

  // A column of a batch.
  struct View {
    const int32_t* ids = nullptr;
    const int32_t* offsets = nullptr;         // null: one id per row
    const float* weights = nullptr;           // null: all 1
    const int32_t* weight_offsets = nullptr;  // the same as offsets, where the file is sound
    int64_t values = 0;
  };

  View view_of(const arrow::RecordBatch& batch, const Field& field, int place) const;
  const View& view(Place place, size_t field) const {
    return views_[field * batches_.size() + static_cast<size_t>(place.batch)];
  }
  StoredBag bag(Place place, size_t field) const { return bag(view(place, field), place.row); }
  StoredBag bag(const View& column, int64_t row) const {
    if (column.offsets == nullptr) return {.ids = column.ids + row, .weights = nullptr, .length = 1};
    const int32_t begin = column.offsets[row], end = column.offsets[row + 1];
    if (begin < 0 || begin > end || end > column.values) throw_damaged();
    const int32_t* const ids = column.ids + begin;
    if (column.weights == nullptr) return {.ids = ids, .weights = nullptr, .length = end - begin};
    if (column.weight_offsets[row] != begin || column.weight_offsets[row + 1] != end) throw_damaged();
    return {.ids = ids, .weights = column.weights + begin, .length = end - begin};
  }
  void fetch_bounds(Place place, size_t field) const;

  std::string file_;
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches_;
  std::vector<int64_t> starts_{0};       // batches + 1: first rows
  std::vector<int64_t> batch_of_block_;  // per 2^16 rows: the batch with the first of them
  size_t fields_;
  std::vector<View> views_;  // fields x batches
};

}  // namespace esmm::data
