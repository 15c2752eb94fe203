#include "esmm/serve/input_column.h"

#include <fmt/format.h>

#include <string>

#include "esmm/features/split_values.h"
#include "esmm/serve/request_error.h"

namespace esmm::serve {
namespace {

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

// One text per row holds all values of a row.
bool is_split(const Field& field, const FieldTensors& tensors) {
  return field.kind == FieldKind::multi && !field.separator.empty() && !tensors.lengths &&
         tensors.values->columns() == 1;
}

void read_rows(const Field& field, const FieldTensors& tensors, InputColumn& column) {
  const InputTensor& values = *tensors.values;
  column.rows = values.rows();
  column.offsets.assign(1, 0);
  const bool split_text = is_split(field, tensors);
  if (!split_text) column.values = values.values;
  for (int64_t row = 0; row < column.rows; ++row) {
    if (split_text) split_values(values.values[row], field.separator, column.values);
    column.offsets.push_back(split_text ? static_cast<int64_t>(column.values.size())
                                        : (row + 1) * values.columns());
  }
}

void check_count(const std::string& where, int64_t expected, int64_t got) {
  if (got == expected) return;
  throw bad_request({.what = "not one weight per value",
                     .where = where,
                     .expected = std::to_string(expected),
                     .got = std::to_string(got)});
}

std::vector<std::string_view> split_rows(const Field& field, const InputTensor& tensor,
                                         const InputColumn& column) {
  std::vector<std::string_view> texts;
  for (size_t row = 0; row < tensor.values.size(); ++row) {
    const bool there = row + 1 < column.offsets.size();
    const int64_t before = there ? column.offsets[row] : 0,
                  values = there ? column.offsets[row + 1] - before : 0;
    const size_t weights = texts.size();
    split_weights(tensor.values[row], field.separator,
                  {column.values.data() + before, static_cast<size_t>(values)}, texts);
    check_count(fmt::format("{}, row {}", tensor.where(), row), values,
                static_cast<int64_t>(texts.size() - weights));
  }
  return texts;
}

void read_weights(const Field& field, const FieldTensors& tensors, InputColumn& column) {
  const InputTensor& tensor = *tensors.weights;
  const bool split_text = tensor.datatype == "BYTES" && is_split(field, tensors);
  const std::vector<std::string_view> texts = split_text ? split_rows(field, tensor, column) : tensor.values;
  check_count(tensor.where(), static_cast<int64_t>(column.values.size()), static_cast<int64_t>(texts.size()));
  for (size_t i = 0; i < texts.size(); ++i) {
    const bool padding = texts[i].empty() && column.values[i].empty();
    column.weights.push_back(padding ? 1 : float_value(tensor, texts[i]));
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
    read_rows(field, tensors, column);
  }
  if (tensors.weights) read_weights(field, tensors, column);
  return column;
}

}  // namespace esmm::serve
