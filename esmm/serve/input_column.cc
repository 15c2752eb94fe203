#include "esmm/serve/input_column.h"

#include <fmt/format.h>

#include <string>

#include "esmm/serve/request_error.h"

namespace esmm::serve {
namespace {

void split(std::string_view text, std::string_view separator, std::vector<std::string_view>& values) {
  for (size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    values.push_back(text.substr(0, end));
    text.remove_prefix(end + separator.size());
  }
  values.push_back(text);
}

void read_lengths(const FieldTensors& tensors, InputColumn& column) {
  const InputTensor& values = *tensors.values;
  if (values.columns() != 1) {
    throw bad_request({.what = "with lengths, the values are one flat list",
                       .where = values.where(),
                       .expected = "shape [values]",
                       .got = fmt::format("[{}, {}]", values.rows(), values.columns())});
  }
  column.offsets.assign(1, 0);
  for (const int64_t length : count_values(*tensors.lengths))
    column.offsets.push_back(column.offsets.back() + length);
  column.rows = static_cast<int64_t>(column.offsets.size()) - 1;
  column.values = values.values;
  if (column.offsets.back() != values.rows()) {
    throw bad_request({.what = "the lengths do not add up to the number of values",
                       .where = tensors.lengths->where(),
                       .expected = std::to_string(values.rows()),
                       .got = std::to_string(column.offsets.back())});
  }
}

void read_rows(const Field& field, const InputTensor& values, InputColumn& column) {
  column.rows = values.rows();
  column.offsets.assign(1, 0);
  const bool split_text = field.kind == FieldKind::multi && !field.separator.empty() && values.columns() == 1;
  if (!split_text) column.values = values.values;
  for (int64_t row = 0; row < column.rows; ++row) {
    if (split_text) split(values.values[row], field.separator, column.values);
    column.offsets.push_back(split_text ? static_cast<int64_t>(column.values.size())
                                        : (row + 1) * values.columns());
  }
}

void check_single(const Field& field, const FieldTensors& tensors) {
  const InputTensor* extra = tensors.weights ? tensors.weights : tensors.lengths;
  if (extra) {
    throw bad_request({.what = "field '" + field.name + "' has one value per row",
                       .where = extra->where(),
                       .hint = "leave this input out"});
  }
  if (tensors.values->columns() != 1) {
    throw bad_request({.what = "the field has one value per row",
                       .where = tensors.values->where(),
                       .expected = "shape [B] or [B, 1]",
                       .got = fmt::format("[{}, {}]", tensors.values->rows(), tensors.values->columns())});
  }
}

}  // namespace

RawBag InputColumn::bag(int64_t row) const {
  if (rows == 1) row = 0;
  const auto begin = static_cast<size_t>(offsets[row]);
  const auto size = static_cast<size_t>(offsets[row + 1]) - begin;
  RawBag bag{.values = {values.data() + begin, size}, .weights = {}};
  if (!weights.empty()) bag.weights = {weights.data() + begin, size};
  return bag;
}

InputColumn read_column(const Field& field, const FieldTensors& tensors) {
  InputColumn column;
  if (!tensors.values) {
    const InputTensor* extra = tensors.weights ? tensors.weights : tensors.lengths;
    if (extra) throw bad_request({.what = "input '" + field.name + "' is missing", .where = extra->where()});
    return column;
  }
  if (field.kind != FieldKind::multi) check_single(field, tensors);
  if (tensors.lengths) {
    read_lengths(tensors, column);
  } else {
    read_rows(field, *tensors.values, column);
  }
  if (tensors.weights) column.weights = float_values(*tensors.weights);
  if (tensors.weights && column.weights.size() != column.values.size()) {
    throw bad_request({.what = "not one weight per value",
                       .where = tensors.weights->where(),
                       .expected = std::to_string(column.values.size()),
                       .got = std::to_string(column.weights.size())});
  }
  return column;
}

}  // namespace esmm::serve
