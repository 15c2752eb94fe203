#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <arrow/record_batch.h>

#include "esmm/data/arrow_file.h"
#include "esmm/features/bags.h"
#include "esmm/features/schema.h"

namespace esmm::data {

// Builds the columns of some fields row by row: int32, or list<int32> where a field has many values, and
// list<float> of its weights where it has weights.
class BagColumns {
 public:
  BagColumns(const Schema& schema, const std::vector<int64_t>& fields);

  // keys: one bag per field; id_of(key) is what is stored.
  template <class IdOf>
  void append(const KeyBags& keys, const IdOf& id_of) {
    for (size_t f = 0; f < columns_.size(); ++f) {
      Column& column = columns_[f];
      for (int64_t i = keys.offsets[f]; i < keys.offsets[f + 1]; ++i) {
        column.ids.push_back(id_of(keys.ids[i]));
        if (column.weighted) column.weights.push_back(keys.weights.empty() ? 1.0f : keys.weights[i]);
      }
      if (column.multi) column.offsets.push_back(static_cast<int32_t>(column.ids.size()));
    }
    ++rows_;
    ids_ += keys.offsets.back();
  }

  int64_t rows() const { return rows_; }
  // As much as one batch should hold: offsets are 32 bits wide.
  bool full() const { return rows_ == kBatchRows || ids_ >= kBatchIds; }
  // Moves the columns out, behind what `arrays` has, and begins anew.
  void finish(arrow::ArrayVector& arrays);

 private:
  static constexpr int64_t kBatchRows = int64_t{1} << 16;
  static constexpr int64_t kBatchIds = int64_t{1} << 25;

  struct Column {
    bool multi = false, weighted = false;
    std::vector<int32_t> ids;
    std::vector<int32_t> offsets{0};
    std::vector<float> weights;
  };

  std::vector<Column> columns_;
  int64_t rows_ = 0, ids_ = 0;
};

// The same columns with other ids: those of field f by map(f, id). first: place of the first field's column.
std::shared_ptr<arrow::RecordBatch> map_ids(
    const arrow::RecordBatch& batch, const Schema& schema, const std::vector<int64_t>& fields, int first,
    const std::function<void(int64_t, const int32_t*, int64_t, int32_t*)>& map);

}  // namespace esmm::data
