#include "esmm/data/bag_columns.h"

#include <limits>

#include <arrow/array.h>
#include <arrow/type.h>
#include <fmt/format.h>

#include "esmm/data/arrow_file.h"

namespace esmm::data {
namespace {

using ArrayPtr = std::shared_ptr<arrow::Array>;

template <class ArrayType, class T>
ArrayPtr array_of(std::vector<T>&& values) {
  const auto size = static_cast<int64_t>(values.size());
  return std::make_shared<ArrayType>(size, buffer_of(std::move(values)));
}

ArrayPtr list_array(int64_t rows, const ArrayPtr& values, std::vector<int32_t>&& offsets) {
  return std::make_shared<arrow::ListArray>(arrow::list(values->type()), rows, buffer_of(std::move(offsets)),
                                            values);
}

ArrayPtr fixed_list_array(int64_t rows, const ArrayPtr& values, int32_t width) {
  return std::make_shared<arrow::FixedSizeListArray>(arrow::fixed_size_list(values->type(), width), rows,
                                                     values);
}

}  // namespace

BagLayout::BagLayout(const Schema& schema, const std::vector<int64_t>& wanted) {
  for (const int64_t f : wanted) {
    const bool multi = schema.fields[f].kind == FieldKind::multi;
    fields.push_back({.field = f, .multi = multi, .weighted = multi && !schema.fields[f].weights.empty()});
    many += multi ? 1 : 0;
    weighted = weighted || fields.back().weighted;
  }
}

arrow::FieldVector BagLayout::columns() const {
  if (fields.empty()) return {};
  const auto fixed = [](int32_t width) { return arrow::fixed_size_list(arrow::int32(), width); };
  const auto width = static_cast<int32_t>(fields.size());
  arrow::FieldVector columns{
      arrow::field("rows", many > 0 ? arrow::list(arrow::int32()) : fixed(width), false)};
  if (many > 0) columns.push_back(arrow::field("lengths", fixed(many), false));
  if (weighted) columns.push_back(arrow::field("weights", arrow::list(arrow::float32()), false));
  return columns;
}

std::shared_ptr<arrow::Array> id_array(const BagLayout& layout, int64_t rows, std::vector<int32_t>&& ids,
                                       std::vector<int32_t>&& offsets) {
  const ArrayPtr values = array_of<arrow::Int32Array>(std::move(ids));
  return layout.many > 0 ? list_array(rows, values, std::move(offsets))
                         : fixed_list_array(rows, values, static_cast<int32_t>(layout.fields.size()));
}

void append_columns(const BagLayout& layout, BagValues&& values, arrow::ArrayVector& columns) {
  if (layout.fields.empty()) return;
  if (values.ids.size() > std::numeric_limits<int32_t>::max()) {
    throw Error({.what = "has too many values in neighbouring impressions to be stored",
                 .where = "the data set",
                 .expected = fmt::format("2^31 values in {} impressions at most", values.rows),
                 .hint = "let the log hold fewer values in its fields of many"});
  }
  columns.push_back(id_array(layout, values.rows, std::move(values.ids), std::move(values.offsets)));
  if (layout.many > 0) {
    columns.push_back(
        fixed_list_array(values.rows, array_of<arrow::Int32Array>(std::move(values.lengths)), layout.many));
  }
  if (layout.weighted) {
    columns.push_back(list_array(values.rows, array_of<arrow::FloatArray>(std::move(values.weights)),
                                 std::move(values.weight_offsets)));
  }
}

BagColumns bag_columns(const arrow::RecordBatch& batch, const BagLayout& layout, int first) {
  if (layout.fields.empty()) return {};
  const auto values_of = [](const auto& list) {
    return static_cast<const arrow::Int32Array&>(*list.values()).raw_values();
  };
  BagColumns columns{.width = static_cast<int64_t>(layout.fields.size())};
  const auto read = [&](const auto& list) {
    columns.ids = values_of(list);
    columns.count = list.values()->length();
  };
  if (layout.many == 0) {
    read(static_cast<const arrow::FixedSizeListArray&>(*batch.column(first)));
    return columns;
  }
  const auto& rows = static_cast<const arrow::ListArray&>(*batch.column(first));
  read(rows);
  columns.offsets = rows.raw_value_offsets();
  columns.lengths = values_of(static_cast<const arrow::FixedSizeListArray&>(*batch.column(first + 1)));
  if (!layout.weighted) return columns;
  const auto& weights = static_cast<const arrow::ListArray&>(*batch.column(first + 2));
  columns.weights = static_cast<const arrow::FloatArray&>(*weights.values()).raw_values();
  columns.weight_offsets = weights.raw_value_offsets();
  columns.weight_count = weights.values()->length();
  return columns;
}

}  // namespace esmm::data
