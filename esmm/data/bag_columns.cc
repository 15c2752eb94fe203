#include "esmm/data/bag_columns.h"

#include <utility>

#include <arrow/array.h>
#include <arrow/type.h>

#include "esmm/data/arrow_file.h"

namespace esmm::data {
namespace {

template <class ArrayType, class T>
std::shared_ptr<arrow::Array> array_of(std::vector<T>&& values) {
  const auto size = static_cast<int64_t>(values.size());
  return std::make_shared<ArrayType>(size, buffer_of(std::move(values)));
}

std::shared_ptr<arrow::Array> list_array(int64_t rows, const std::shared_ptr<arrow::Buffer>& offsets,
                                         const std::shared_ptr<arrow::Array>& values) {
  return std::make_shared<arrow::ListArray>(arrow::list(values->type()), rows, offsets, values);
}

}  // namespace

void append_columns(BagColumn&& values, arrow::ArrayVector& columns) {
  auto ids = array_of<arrow::Int32Array>(std::move(values.ids));
  if (!values.multi) {
    columns.push_back(std::move(ids));
    return;
  }
  const auto rows = static_cast<int64_t>(values.offsets.size()) - 1;
  const auto offsets = buffer_of(std::move(values.offsets));
  columns.push_back(list_array(rows, offsets, ids));
  if (values.weighted)
    columns.push_back(list_array(rows, offsets, array_of<arrow::FloatArray>(std::move(values.weights))));
}

std::vector<IdColumn> id_columns(const arrow::RecordBatch& batch, const Schema& schema,
                                 const std::vector<int64_t>& fields, int first) {
  std::vector<IdColumn> columns;
  int place = first;
  for (const int64_t f : fields) {
    const arrow::Array& column = *batch.column(place);
    if (schema.fields[f].kind == FieldKind::multi) {
      const auto& list = static_cast<const arrow::ListArray&>(column);
      const auto& values = static_cast<const arrow::Int32Array&>(*list.values());
      columns.push_back({f, place, list.raw_value_offsets(), values.raw_values()});
    } else {
      columns.push_back({f, place, nullptr, static_cast<const arrow::Int32Array&>(column).raw_values()});
    }
    place += schema.fields[f].weights.empty() ? 1 : 2;
  }
  return columns;
}

}  // namespace esmm::data
