#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <arrow/record_batch.h>

#include "esmm/features/bags.h"
#include "esmm/features/schema.h"

namespace esmm::data {

// Bags of some fields in memory-mapped batches, with plain pointers: what gathering a batch reads.
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

  // Appends the bag of a field (its place among the fields) and closes it. weighted: also its weights. Ids
  // are below table_rows.
  void append(Place place, size_t field, bool weighted, int64_t table_rows, RowBags& out) const {
    const View& view = views_[static_cast<size_t>(place.batch) * fields_ + field];
    int64_t begin = place.row, end = place.row + 1;
    if (view.offsets != nullptr) {
      begin = view.offsets[place.row];
      end = view.offsets[place.row + 1];
      if (begin < 0 || begin > end || end > view.values) throw_damaged();
    }
    uint32_t largest = 0;  // a negative id is a large one
    for (int64_t i = begin; i < end; ++i) largest = std::max(largest, static_cast<uint32_t>(view.ids[i]));
    if (begin < end && largest >= table_rows) throw_damaged();
    if (end == begin + 1) {
      out.ids.push_back(view.ids[begin]);
    } else {
      out.ids.insert(out.ids.end(), view.ids + begin, view.ids + end);
    }
    if (weighted && view.weights != nullptr) {
      out.weights.insert(out.weights.end(), view.weights + begin, view.weights + end);
    } else if (weighted) {
      out.weights.resize(out.ids.size(), 1.0f);
    }
    out.close_bag();
  }

  int64_t size() const { return starts_.back(); }
  const std::vector<std::shared_ptr<arrow::RecordBatch>>& batches() const { return batches_; }
  [[noreturn]] void throw_damaged() const;

 private:
  static constexpr int kBlockBits = 16;

  struct View {
    const int32_t* ids = nullptr;
    const int32_t* offsets = nullptr;  // null: one id per row
    const float* weights = nullptr;    // null: all 1
    int64_t values = 0;
  };

  View view_of(const arrow::RecordBatch& batch, const Field& field, int place) const;

  std::string file_;
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches_;
  std::vector<int64_t> starts_{0};       // batches + 1: first rows
  std::vector<int64_t> batch_of_block_;  // per 2^16 rows: the batch with the first of them
  size_t fields_;
  std::vector<View> views_;  // batches x fields
};

}  // namespace esmm::data
