#include "esmm/serve/input_tensor.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "esmm/features/field_encoder.h"
#include "esmm/serve/request_error.h"

namespace esmm::serve {
namespace {

using nlohmann::json;

enum class Type { text, boolean, signed_integer, unsigned_integer, float32, float64 };

Type type_of(const InputTensor& tensor) {
  const std::string& name = tensor.datatype;
  if (name == "BYTES") return Type::text;
  if (name == "BOOL") return Type::boolean;
  if (name == "FP32") return Type::float32;
  if (name == "FP64") return Type::float64;
  if (name == "INT8" || name == "INT16" || name == "INT32" || name == "INT64") return Type::signed_integer;
  if (name == "UINT8" || name == "UINT16" || name == "UINT32" || name == "UINT64")
    return Type::unsigned_integer;
  throw bad_request({.what = "unknown datatype",
                     .where = tensor.where(),
                     .expected = "BYTES, BOOL, INT8 to INT64, UINT8 to UINT64, FP32 or FP64",
                     .got = name});
}

// A value for a message. One that is nested is not written out: that takes a stack as deep as its brackets.
std::string shorten(const json& value) {
  const bool nested =
      std::any_of(value.begin(), value.end(), [](const json& v) { return v.is_structured(); });
  if (nested) return value.is_array() ? "a nested list" : "a nested object";
  std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > 40) text = text.substr(0, 37) + "...";
  return text;
}

RequestError wrong_value(const InputTensor& tensor, const json& value, const char* expected) {
  return bad_request({.what = "bad value at place " + std::to_string(tensor.values.size()),
                      .where = tensor.where(),
                      .expected = std::string(expected) + " (" + tensor.datatype + ")",
                      .got = shorten(value)});
}

template <class Number>
std::string_view keep_decimal(InputTensor& tensor, Number number) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  return tensor.storage.emplace_back(buffer, end);
}

std::string_view read_value(InputTensor& tensor, Type type, const json& value) {
  if (value.is_null()) return {};
  switch (type) {
    case Type::text:
      if (!value.is_string()) throw wrong_value(tensor, value, "a text");
      return value.get_ref<const std::string&>();
    case Type::boolean:
      if (!value.is_boolean()) throw wrong_value(tensor, value, "true or false");
      return value.get<bool>() ? "1" : "0";
    case Type::signed_integer:
      if (value.is_number_unsigned() &&
          value.get<uint64_t>() > uint64_t{std::numeric_limits<int64_t>::max()}) {
        throw wrong_value(tensor, value, "a number below 2^63");
      }
      if (!value.is_number_integer()) throw wrong_value(tensor, value, "a whole number");
      return keep_decimal(tensor, value.get<int64_t>());
    case Type::unsigned_integer:
      if (!value.is_number_unsigned()) throw wrong_value(tensor, value, "a whole number, not negative");
      return keep_decimal(tensor, value.get<uint64_t>());
    case Type::float32: {
      if (!value.is_number()) throw wrong_value(tensor, value, "a number");
      const auto number = value.get<float>();
      if (!std::isfinite(number)) throw wrong_value(tensor, value, "a number in the datatype's range");
      return keep_decimal(tensor, number);
    }
    case Type::float64:
      if (!value.is_number()) throw wrong_value(tensor, value, "a number");
      return keep_decimal(tensor, value.get<double>());
  }
  throw InternalError("unknown tensor type");
}

const json& member(const json& tensor, const char* key, const std::string& where) {
  const auto found = tensor.find(key);
  if (found == tensor.end()) {
    const bool binary = std::string_view(key) == "data";
    throw bad_request({.what = fmt::format("'{}' is missing", key),
                       .where = where,
                       .hint = binary ? "binary tensors are not supported: send JSON data" : ""});
  }
  return *found;
}

std::vector<int64_t> read_shape(const json& shape, const std::string& where) {
  constexpr int64_t kMax = std::numeric_limits<int32_t>::max();
  std::vector<int64_t> dimensions;
  const bool one_or_two = shape.is_array() && (shape.size() == 1 || shape.size() == 2);
  for (size_t i = 0; one_or_two && i < shape.size(); ++i) {
    if (!shape[i].is_number_unsigned() || shape[i].get<uint64_t>() > kMax) break;
    dimensions.push_back(shape[i].get<int64_t>());
  }
  if (!one_or_two || dimensions.size() != shape.size()) {
    throw bad_request(
        {.what = "bad shape", .where = where, .expected = "[rows] or [rows, values]", .got = shorten(shape)});
  }
  return dimensions;
}

void check_count(const InputTensor& tensor, size_t got, int64_t expected, const char* of) {
  if (static_cast<int64_t>(got) == expected) return;
  throw bad_request({.what = fmt::format("data and shape differ in the number of {}", of),
                     .where = tensor.where(),
                     .expected = std::to_string(expected),
                     .got = std::to_string(got)});
}

void read_data(InputTensor& tensor, const json& data) {
  if (!data.is_array()) {
    throw bad_request({.what = "data is no list", .where = tensor.where(), .got = shorten(data)});
  }
  const Type type = type_of(tensor);
  const bool nested = tensor.shape.size() == 2 && !data.empty() && data.front().is_array();
  check_count(tensor, data.size(), nested ? tensor.rows() : tensor.rows() * tensor.columns(),
              nested ? "rows" : "values");
  for (const json& entry : data) {
    if (!nested) {
      tensor.values.push_back(read_value(tensor, type, entry));
      continue;
    }
    if (!entry.is_array()) throw wrong_value(tensor, entry, "a list");
    check_count(tensor, entry.size(), tensor.columns(), "values in a row");
    for (const json& value : entry) tensor.values.push_back(read_value(tensor, type, value));
  }
}

std::string text_member(const json& tensor, const char* key, const std::string& where) {
  const json& value = member(tensor, key, where);
  if (!value.is_string())
    throw bad_request({.what = fmt::format("'{}' is no text", key), .where = where, .got = shorten(value)});
  return value.get<std::string>();
}

}  // namespace

InputTensor read_tensor(const json& tensor) {
  if (!tensor.is_object()) throw bad_request({.what = "an input is no object", .got = shorten(tensor)});
  InputTensor result;
  result.name = text_member(tensor, "name", "input");
  result.datatype = text_member(tensor, "datatype", result.where());
  result.shape = read_shape(member(tensor, "shape", result.where()), result.where());
  read_data(result, member(tensor, "data", result.where()));
  return result;
}

float float_value(const InputTensor& tensor, std::string_view text) {
  double number = 0;
  if (parse_number(text, number) && std::abs(number) <= std::numeric_limits<float>::max())
    return static_cast<float>(number);
  throw bad_request({.what = "weights are numbers",
                     .where = tensor.where(),
                     .expected = "a number for each value",
                     .got = fmt::format("{} '{}'", tensor.datatype, text)});
}

std::vector<int64_t> count_values(const InputTensor& tensor) {
  const Type type = type_of(tensor);
  std::vector<int64_t> counts;
  counts.reserve(tensor.values.size());
  for (const std::string_view text : tensor.values) {
    int32_t count = -1;
    if (type == Type::signed_integer || type == Type::unsigned_integer) {
      std::from_chars(text.data(), text.data() + text.size(), count);
    }
    if (count < 0) {
      throw bad_request({.what = "lengths are counts",
                         .where = tensor.where(),
                         .expected = "INT32, none negative, without null",
                         .got = fmt::format("{} '{}'", tensor.datatype, text)});
    }
    counts.push_back(count);
  }
  return counts;
}

}  // namespace esmm::serve
