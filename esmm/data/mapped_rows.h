#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <arrow/record_batch.h>

#include "esmm/features/bags.h"
#include "esmm/features/schema.h"

namespace esmm::data {

// Bags of some fields in memory-mapped batches, with plain pointers: what gathering a batch reads.
class MappedRows {
 public:
  // fields: their columns begin at `first` in each batch. Throws Error, naming `file`, where there are nulls.
  MappedRows(std::vector<std::shared_ptr<arrow::RecordBatch>> batches, const Schema& schema, const std::vector<int64_t>& fields,
             int first, std::string file);

  struct Place {
    int64_t batch, row;
  };
  // row: 0 .. size() - 1
  Place locate(int64_t row) const {
    int64_t batch = batch_of_block_[row >> kBlockBits];
    while (row >= starts_[batch + 1]) ++batch;
    return {batch, row - starts_[batch]};
  }

  // Appends the bag of a field (its place among the fields) and closes it. weighted: also its weights. Ids are below table_rows.
  void append(Place place, size_t field, bool weighted, int64_t table_rows, RowBags& out) const {
    const View& view = views_[static_cast<size_t>(place.batch) * fields_ + field];
    int64_t begin = place.row, end = place.row + 1;
    if (view.offsets != nullptr) {
      begin = view.offsets[place.row];
      end = view.offsets[place.row + 1];
      if (begin < 0 || begin > end || end > view.values) throw_damaged();
    }
    for (int64_t i = begin; i < end; ++i) {
      const int32_t id = view.ids[i];
      if (static_cast<uint64_t>(id) >= static_cast<uint64_t>(table_rows)) throw_damaged();
      out.ids.push_back(id);
    }
    if (weighted) {
      for (int64_t i = begin; i < end; ++i) out.weights.push_back(view.weights != nullptr ? view.weights[i] : 1.0f);
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
