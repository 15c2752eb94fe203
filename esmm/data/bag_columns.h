#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <arrow/record_batch.h>
#include <arrow/type_fwd.h>

#include "esmm/core/error.h"
#include "esmm/features/bags.h"
#include "esmm/features/schema.h"

namespace esmm::data {

struct StoredField {
  int64_t field = 0;  // place in the schema
  bool multi = false, weighted = false;
};

// The columns that hold a row's bags of some fields:
//   rows      list<int32>: the table rows of all fields, one field after the other;
//             fixed_size_list<int32>[fields] where each field has one value; absent without fields
//   lengths   fixed_size_list<int32>[many]: how many table rows each field of many values has;
//             absent without such fields
//   weights   list<float>: raw weights, one for each table row of the fields with weights;
//             absent without such fields
// So all of a row lies together, and a row that shuffling picks is one place in memory, not one per field.
struct BagLayout {
  std::vector<StoredField> fields;
  int32_t many = 0;       // fields of many values
  bool weighted = false;  // some have weights

  BagLayout() = default;
  BagLayout(const Schema& schema, const std::vector<int64_t>& wanted);
  arrow::FieldVector columns() const;
};

// What is stored of some rows of bags.
struct BagValues {
  int64_t rows = 0;
  std::vector<int32_t> ids, offsets{0}, lengths, weight_offsets{0};
  std::vector<float> weights;
};

// Appends the columns of the values. Throws Error where offsets of 32 bits do not suffice.
void append_columns(const BagLayout& layout, BagValues&& values, arrow::ArrayVector& columns);

// Appends the columns of some rows. bags: rows x fields; rows: which, in that order; id_of(id): what is
// stored. Throws InternalError where a field of one value has another number of them.
template <class Id, class IdOf>
void append_bag_columns(const BagLayout& layout, const Bags<Id>& bags, std::span<const uint32_t> rows,
                        const IdOf& id_of, arrow::ArrayVector& columns) {
  BagValues values;
  values.rows = static_cast<int64_t>(rows.size());
  for (const uint32_t row : rows) {
    const int64_t* offset = bags.offsets.data() + row * layout.fields.size();
    for (const StoredField& field : layout.fields) {
      const int64_t begin = *offset++, end = *offset;
      for (int64_t i = begin; i < end; ++i) values.ids.push_back(id_of(bags.ids[i]));
      if (field.multi)
        values.lengths.push_back(static_cast<int32_t>(end - begin));
      else if (end - begin != 1)
        throw InternalError("a field of one value has another number of them");
      if (!field.weighted) continue;
      for (int64_t i = begin; i < end; ++i)
        values.weights.push_back(bags.weights.empty() ? 1.0f : bags.weights[i]);
    }
    values.offsets.push_back(static_cast<int32_t>(values.ids.size()));
    values.weight_offsets.push_back(static_cast<int32_t>(values.weights.size()));
  }
  append_columns(layout, std::move(values), columns);
}

// The column `rows`.
std::shared_ptr<arrow::Array> id_array(const BagLayout& layout, int64_t rows, std::vector<int32_t>&& ids,
                                       std::vector<int32_t>&& offsets);

// The columns of a batch as plain pointers.
struct BagColumns {
  const int32_t* ids = nullptr;                    // by offset
  const int32_t* offsets = nullptr;                // rows + 1; null: `width` ids per row
  const int32_t* lengths = nullptr;                // rows x many
  const float* weights = nullptr;                  // by weight offset; null: none
  const int32_t* weight_offsets = nullptr;         // rows + 1
  int64_t width = 0, count = 0, weight_count = 0;  // counts: of ids and of weights

  int64_t begin(int64_t row) const { return offsets != nullptr ? offsets[row] : row * width; }
};

// first: place of the first of the columns.
BagColumns bag_columns(const arrow::RecordBatch& batch, const BagLayout& layout, int first);

}  // namespace esmm::data
