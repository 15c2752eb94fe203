#include "esmm/serve/inference_request.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

#include "esmm/core/nearest.h"
#include "esmm/serve/inference_response.h"
#include "esmm/serve/request_error.h"

namespace esmm::serve {
namespace {

using nlohmann::json;

json parse(std::string_view body) {
  try {
    json document = json::parse(body);
    if (!document.is_object()) throw bad_request({.what = "the request is no JSON object"});
    return document;
  } catch (const json::exception& error) {
    const std::string_view text = error.what();
    throw bad_request({.what = "malformed JSON: " + std::string(text.substr(text.find("] ") + 2))});
  }
}

const json& list_member(const json& document, const char* key) {
  static const json kNone = json::array();
  const auto found = document.find(key);
  if (found == document.end()) return kNone;
  if (!found->is_array()) throw bad_request({.what = fmt::format("'{}' is no list", key)});
  return *found;
}

std::optional<std::string> read_id(const json& document) {
  const auto id = document.find("id");
  if (id == document.end()) return std::nullopt;
  if (!id->is_string()) throw bad_request({.what = "'id' is no text"});
  return id->get<std::string>();
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// The protocol has parameters for other servers too, which clients send to any; one that is nearly ours is a
// slip.
void refuse_slips(const json& parameters) {
  for (const auto& [name, value] : parameters.items()) {
    if (name == "strict" || edit_distance(lower_case(name), "strict") > 1) continue;
    throw bad_request({.what = "unknown parameter '" + name + "'", .hint = "did you mean \"strict\"?"});
  }
}

bool read_strict(const json& document) {
  if (document.contains("strict")) {
    throw bad_request({.what = "'strict' is a parameter", .hint = R"(write "parameters": {"strict": true})"});
  }
  const auto parameters = document.find("parameters");
  if (parameters == document.end() || parameters->is_null()) return false;
  if (!parameters->is_object()) throw bad_request({.what = "'parameters' is no object"});
  refuse_slips(*parameters);
  const auto strict = parameters->find("strict");
  if (strict == parameters->end()) return false;
  if (!strict->is_boolean()) throw bad_request({.what = "parameter 'strict' is true or false"});
  return strict->get<bool>();
}

std::vector<std::string> read_outputs(const json& document) {
  std::vector<std::string> names;
  for (const json& output : list_member(document, "outputs")) {
    const auto name = output.is_object() ? output.find("name") : output.end();
    if (name == output.end() || !name->is_string()) throw bad_request({.what = "an output has no name"});
    names.push_back(name->get<std::string>());
    if (std::find(kOutputs.begin(), kOutputs.end(), names.back()) == kOutputs.end()) {
      throw bad_request({.what = "unknown output", .expected = "pctr, pcvr or pctcvr", .got = names.back()});
    }
  }
  if (names.empty()) names.assign(kOutputs.begin(), kOutputs.end());
  return names;
}

// A strict request has the columns that the logs had.
void require_all(const Field& field, const FieldTensors& tensors) {
  const bool values = field.is_input() && !tensors.values,
             weights = !field.weights.empty() && !tensors.weights;
  if (!values && !weights) return;
  throw bad_request({.what = "input '" + field.name + (values ? "" : "__weights") +
                             "' is missing, and the request is strict"});
}

}  // namespace

RequestReader::RequestReader(const Schema& schema, const RequestLimits& limits)
    : schema_(schema), limits_(limits), encoder_(schema) {
  for (int64_t field = 0; field < schema_.size(); ++field) {
    const std::string& name = schema_.fields[field].name;
    if (!schema_.fields[field].is_input()) continue;
    targets_.insert_or_assign(name, Target{field, &FieldTensors::values});
    targets_.try_emplace(name + "__weights", Target{field, &FieldTensors::weights});
    targets_.try_emplace(name + "__lengths", Target{field, &FieldTensors::lengths});
  }
}

InferenceRequest RequestReader::read(std::string_view body) const {
  const json document = parse(body);
  InferenceRequest request;
  request.id = read_id(document);
  request.outputs = read_outputs(document);
  const json& inputs = list_member(document, "inputs");
  std::vector<InputTensor> tensors;
  tensors.reserve(inputs.size());
  for (const json& input : inputs) tensors.push_back(read_tensor(input));
  const std::vector<InputColumn> columns = read_columns(tensors, read_strict(document));
  request.rows = count_rows(columns);
  request.keys = encode(columns, request.rows);
  return request;
}

RequestReader::Target RequestReader::target_of(const std::string& input) const {
  const auto found = targets_.find(input);
  if (found != targets_.end()) return found->second;
  try {
    const int64_t field = schema_.index_of(input);  // throws, naming the nearest, unless the field is a cross
    throw bad_request({.what = "field '" + schema_.fields[field].name + "' is computed from others",
                       .where = "inputs",
                       .hint = "leave this input out"});
  } catch (const RequestError&) {
    throw;
  } catch (const Error& error) {
    throw RequestError(400, error.problems().front());
  }
}

std::vector<InputColumn> RequestReader::read_columns(const std::vector<InputTensor>& tensors,
                                                     bool strict) const {
  if (tensors.empty()) throw bad_request({.what = "the request has no inputs"});
  std::vector<FieldTensors> parts(schema_.fields.size());
  for (const InputTensor& tensor : tensors) {
    const Target target = target_of(tensor.name);
    const InputTensor*& part = parts[target.field].*target.part;
    if (part) throw bad_request({.what = "given twice", .where = tensor.where()});
    part = &tensor;
  }
  std::vector<InputColumn> columns;
  for (size_t field = 0; field < parts.size(); ++field) {
    // Here already: rows of no values cost the sender nothing, but a column of them would take memory.
    if (parts[field].values && !parts[field].lengths) check_rows(parts[field].values->rows());
    if (strict) require_all(schema_.fields[field], parts[field]);
    columns.push_back(read_column(schema_.fields[field], parts[field]));
  }
  return columns;
}

void RequestReader::check_rows(int64_t rows) const {
  if (rows <= limits_.max_rows) return;
  throw too_large({.what = "too many rows",
                   .expected = fmt::format("at most {}", limits_.max_rows),
                   .got = std::to_string(rows),
                   .hint = "send them in several requests"});
}

int64_t RequestReader::count_rows(const std::vector<InputColumn>& columns) const {
  int64_t rows = 1;
  for (size_t field = 0; field < columns.size(); ++field) {
    const int64_t own = columns[field].rows;
    if (rows != 1 && own != 1 && own != rows) {
      throw bad_request({.what = "the inputs differ in their number of rows",
                         .where = "input '" + schema_.fields[field].name + "'",
                         .expected = fmt::format("{}, or 1 shared by all", rows),
                         .got = std::to_string(own)});
    }
    if (own != 1) rows = own;
  }
  if (rows == 0) throw bad_request({.what = "the request has no rows"});
  check_rows(rows);
  int64_t values = 0;
  for (const InputColumn& column : columns) {
    values += static_cast<int64_t>(column.values.size()) * (column.rows == 1 ? rows : 1);
  }
  if (values > limits_.max_values) {
    throw too_large({.what = "too many values",
                     .expected = fmt::format("at most {}", limits_.max_values),
                     .got = std::to_string(values),
                     .hint = "send the rows in several requests"});
  }
  return rows;
}

KeyBags RequestReader::encode(const std::vector<InputColumn>& columns, int64_t rows) const {
  KeyBags keys;
  std::vector<RawBag> bags(columns.size());
  std::string why;
  for (int64_t row = 0; row < rows; ++row) {
    for (size_t field = 0; field < columns.size(); ++field) bags[field] = columns[field].bag(row);
    if (!encoder_.append(bags, keys, why))
      throw bad_request({.what = why, .where = "row " + std::to_string(row)});
  }
  return keys;
}

}  // namespace esmm::serve
