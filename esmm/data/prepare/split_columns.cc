#include "esmm/data/prepare/split_columns.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <arrow/array.h>

#include "esmm/data/arrow_file.h"
#include "esmm/data/bag_columns.h"

namespace esmm::data {
namespace {

// The rows of a column, as an array.
template <class ArrayType, class T>
std::shared_ptr<arrow::Array> gather(const std::vector<T>& column, const std::vector<uint32_t>& rows) {
  std::vector<typename ArrayType::value_type> values;
  values.reserve(rows.size());
  for (const uint32_t row : rows) values.push_back(column[row]);
  const auto size = static_cast<int64_t>(values.size());
  return std::make_shared<ArrayType>(size, buffer_of(std::move(values)));
}

std::shared_ptr<arrow::Array> gather_texts(const std::vector<std::string_view>& column,
                                           const std::vector<uint32_t>& rows) {
  std::string bytes;
  std::vector<int32_t> ends{0};
  for (const uint32_t row : rows) {
    bytes += column[row];
    ends.push_back(static_cast<int32_t>(bytes.size()));
  }
  return std::make_shared<arrow::StringArray>(static_cast<int64_t>(rows.size()), buffer_of(std::move(ends)),
                                              arrow::Buffer::FromString(std::move(bytes)));
}

}  // namespace

arrow::ArrayVector split_columns(const DatasetLayout& layout, const std::vector<size_t>& tables,
                                 const ImpressionRows& rows, const std::vector<uint32_t>& places,
                                 int32_t file, KeyDictionary& ids) {
  const auto size = static_cast<int64_t>(places.size());
  arrow::ArrayVector columns{
      gather<arrow::UInt8Array>(rows.click, places), gather<arrow::UInt8Array>(rows.conversion, places),
      std::make_shared<arrow::Int32Array>(size, buffer_of(std::vector<int32_t>(places.size(), file))),
      gather<arrow::Int64Array>(rows.line, places)};
  if (!layout.info.id.empty()) columns.push_back(gather_texts(rows.id, places));
  if (!layout.info.group_by.empty()) columns.push_back(gather<arrow::Int64Array>(rows.group, places));
  if (layout.info.has_truth) {
    columns.push_back(gather<arrow::DoubleArray>(rows.p_ctr, places));
    columns.push_back(gather<arrow::DoubleArray>(rows.p_cvr, places));
  }
  if (layout.info.has_click_weight) columns.push_back(gather<arrow::FloatArray>(rows.click_weight, places));
  if (layout.info.has_conversion_weight)
    columns.push_back(gather<arrow::FloatArray>(rows.conversion_weight, places));
  for (const size_t table : tables)
    columns.push_back(gather<arrow::Int32Array>(rows.table_rows[table], places));
  append_bag_columns(
      BagLayout(layout.info.schema, layout.fields), rows.keys, places,
      [&](int64_t key) { return ids.id_of(key); }, columns);
  return columns;
}

}  // namespace esmm::data
