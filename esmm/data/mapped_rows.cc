#include "esmm/data/mapped_rows.h"

#include <utility>

#include <arrow/array.h>

#include "esmm/core/error.h"

namespace esmm::data {

MappedRows::MappedRows(std::vector<std::shared_ptr<arrow::RecordBatch>> batches, const Schema& schema,
                       const std::vector<int64_t>& fields, int first, std::string file)
    : file_(std::move(file)), batches_(std::move(batches)), fields_(fields.size()) {
  for (size_t b = 0; b < batches_.size(); ++b) {
    const arrow::RecordBatch& batch = *batches_[b];
    for (const auto& column : batch.columns()) {
      if (column->null_count() != 0) throw_damaged();
    }
    starts_.push_back(starts_.back() + batch.num_rows());
    while (static_cast<int64_t>(batch_of_block_.size()) << kBlockBits < starts_.back()) {
      batch_of_block_.push_back(static_cast<int64_t>(b));
    }
    int place = first;
    for (const int64_t f : fields) {
      views_.push_back(view_of(batch, schema.fields[f], place));
      place += schema.fields[f].weights.empty() ? 1 : 2;
    }
  }
}

MappedRows::View MappedRows::view_of(const arrow::RecordBatch& batch, const Field& field, int place) const {
  const arrow::Array& column = *batch.column(place);
  if (field.kind != FieldKind::multi) {
    return {.ids = static_cast<const arrow::Int32Array&>(column).raw_values(), .values = column.length()};
  }
  const auto& list = static_cast<const arrow::ListArray&>(column);
  View view{.ids = static_cast<const arrow::Int32Array&>(*list.values()).raw_values(),
            .offsets = list.raw_value_offsets(),
            .values = list.values()->length()};
  if (list.values()->null_count() != 0) throw_damaged();
  if (field.weights.empty()) return view;
  const auto& weights = static_cast<const arrow::ListArray&>(*batch.column(place + 1));
  const auto same = [&] {
    return std::equal(view.offsets, view.offsets + list.length() + 1, weights.raw_value_offsets());
  };
  if (weights.values()->null_count() != 0 || weights.values()->length() != view.values || !same())
    throw_damaged();
  view.weights = static_cast<const arrow::FloatArray&>(*weights.values()).raw_values();
  return view;
}

void MappedRows::throw_damaged() const {
  throw Error({.what = "is damaged", .where = file_, .hint = "prepare the data set again"});
}

}  // namespace esmm::data
