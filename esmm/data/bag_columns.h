#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <arrow/record_batch.h>

#include "esmm/features/bags.h"
#include "esmm/features/schema.h"

namespace esmm::data {

// What is stored of a field, row by row.
struct BagColumn {
  bool multi = false, weighted = false;
  std::vector<int32_t> ids;
  std::vector<int32_t> offsets{0};  // multi: rows + 1
  std::vector<float> weights;       // weighted: one per id
};

// Appends the columns of a field: int32, or list<int32> where it has many values, and list<float> of its
// weights where it has weights.
void append_columns(BagColumn&& values, arrow::ArrayVector& columns);

// Appends the columns of some fields. bags: one per row and field; rows: which rows, in that order;
// id_of(id): what is stored.
template <class Id, class IdOf>
void append_bag_columns(const Schema& schema, const std::vector<int64_t>& fields, const Bags<Id>& bags,
                        std::span<const uint32_t> rows, const IdOf& id_of, arrow::ArrayVector& columns) {
  for (size_t f = 0; f < fields.size(); ++f) {
    const Field& field = schema.fields[fields[f]];
    BagColumn column;
    column.multi = field.kind == FieldKind::multi;
    column.weighted = !field.weights.empty();
    column.ids.reserve(rows.size());
    if (column.multi) column.offsets.reserve(rows.size() + 1);
    for (const uint32_t row : rows) {
      const size_t bag = row * fields.size() + f;
      for (int64_t i = bags.offsets[bag]; i < bags.offsets[bag + 1]; ++i) {
        column.ids.push_back(id_of(bags.ids[i]));
        if (column.weighted) column.weights.push_back(bags.weights.empty() ? 1.0f : bags.weights[i]);
      }
      if (column.multi) column.offsets.push_back(static_cast<int32_t>(column.ids.size()));
    }
    append_columns(std::move(column), columns);
  }
}

// Ids of a field's column, in one piece.
struct IdColumn {
  int64_t field = 0;
  int place = 0;                     // of the column
  const int32_t* offsets = nullptr;  // list: rows + 1; null: one id per row
  const int32_t* ids = nullptr;      // by offset
  int64_t begin(int64_t row) const { return offsets != nullptr ? offsets[row] : row; }
};

// The columns of ids of a batch. first: place of the first field's column.
std::vector<IdColumn> id_columns(const arrow::RecordBatch& batch, const Schema& schema,
                                 const std::vector<int64_t>& fields, int first);

}  // namespace esmm::data
