#include "esmm/data/bag_columns.h"

#include <utility>

#include <arrow/array.h>
#include <arrow/type.h>

namespace esmm::data {
namespace {

std::shared_ptr<arrow::Array> int32_array(std::vector<int32_t>&& values) {
  const auto size = static_cast<int64_t>(values.size());
  return std::make_shared<arrow::Int32Array>(size, buffer_of(std::move(values)));
}

std::shared_ptr<arrow::Array> list_array(int64_t rows, const std::shared_ptr<arrow::Buffer>& offsets,
                                         const std::shared_ptr<arrow::Array>& values) {
  return std::make_shared<arrow::ListArray>(arrow::list(values->type()), rows, offsets, values);
}

}  // namespace

BagColumns::BagColumns(const Schema& schema, const std::vector<int64_t>& fields) {
  for (const int64_t f : fields) {
    Column& column = columns_.emplace_back();
    column.multi = schema.fields[f].kind == FieldKind::multi;
    column.weighted = !schema.fields[f].weights.empty();
  }
}

void BagColumns::finish(arrow::ArrayVector& arrays) {
  for (Column& column : columns_) {
    auto ids = int32_array(std::exchange(column.ids, {}));
    if (!column.multi) {
      arrays.push_back(std::move(ids));
      continue;
    }
    const auto offsets = buffer_of(std::exchange(column.offsets, {0}));
    arrays.push_back(list_array(rows_, offsets, ids));
    if (!column.weighted) continue;
    const auto size = static_cast<int64_t>(column.weights.size());
    arrays.push_back(
        list_array(rows_, offsets,
                   std::make_shared<arrow::FloatArray>(size, buffer_of(std::exchange(column.weights, {})))));
  }
  rows_ = ids_ = 0;
}

std::shared_ptr<arrow::RecordBatch> map_ids(
    const arrow::RecordBatch& batch, const Schema& schema, const std::vector<int64_t>& fields, int first,
    const std::function<void(int64_t, const int32_t*, int64_t, int32_t*)>& map) {
  arrow::ArrayVector arrays = batch.columns();
  int place = first;
  for (const int64_t f : fields) {
    std::shared_ptr<arrow::Array>& column = arrays[place];
    const auto* list =
        schema.fields[f].kind == FieldKind::multi ? &static_cast<const arrow::ListArray&>(*column) : nullptr;
    const auto& ids = static_cast<const arrow::Int32Array&>(list != nullptr ? *list->values() : *column);
    std::vector<int32_t> mapped(static_cast<size_t>(ids.length()));
    map(f, ids.raw_values(), ids.length(), mapped.data());
    const auto values = int32_array(std::move(mapped));
    column = list != nullptr ? list_array(batch.num_rows(), list->value_offsets(), values) : values;
    place += schema.fields[f].weights.empty() ? 1 : 2;
  }
  return arrow::RecordBatch::Make(batch.schema(), batch.num_rows(), std::move(arrays));
}

}  // namespace esmm::data
