#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace esmm::serve {

// One tensor of an inference request. Every datatype becomes text, as the fields' encoders want it.
struct InputTensor {
  std::string name;
  std::string datatype;
  std::vector<int64_t> shape;            // one dimension or two
  std::vector<std::string_view> values;  // row-major; null is ""
  std::deque<std::string> storage;       // what values point to, where it is not the JSON document

  int64_t rows() const { return shape.front(); }
  int64_t columns() const { return shape.size() == 2 ? shape.back() : 1; }
  // Where a message says that something is wrong, as in "input 'tag'".
  std::string where() const { return "input '" + name + "'"; }
};

// Reads {"name", "datatype", "shape", "data"}; data flat or nested as the shape says. The tensor holds views
// of `tensor`, which has to outlive it.
//   BYTES: texts.  BOOL: "0" or "1".  INT8 .. INT64, UINT8 .. UINT64: decimal.
//   FP32, FP64: shortest decimal that reads back as the same number of that width, so that an FP32 0.7 is
//   "0.7".
// Throws RequestError (400).
InputTensor read_tensor(const nlohmann::json& tensor);

// A value, or a part of one, as a number, for weights. Throws RequestError where it is none.
float float_value(const InputTensor& tensor, std::string_view text);
// The values as counts, none negative, for lengths. Throws RequestError where the datatype is no integer.
std::vector<int64_t> count_values(const InputTensor& tensor);

}  // namespace esmm::serve
