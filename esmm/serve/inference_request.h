#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "esmm/features/bags.h"
#include "esmm/features/field_encoder.h"
#include "esmm/features/schema.h"
#include "esmm/serve/input_column.h"

namespace esmm::serve {

// What one request may ask for.
struct RequestLimits {
  int64_t max_rows = 10'000;        // B
  int64_t max_values = 10'000'000;  // of all fields and rows, shared ones counted in each row
};

// An infer request, encoded.
struct InferenceRequest {
  std::optional<std::string> id;
  int64_t rows = 0;                  // B
  KeyBags keys;                      // B x F
  std::vector<std::string> outputs;  // of pctr, pcvr, pctcvr, in the order asked for
};

// Reads infer requests of the Open Inference Protocol v2 (REST, JSON tensors) for one model. Thread-safe.
//
// One input per field of the schema that is no cross, by the field's name; input_column.h says in which
// shapes. An input of one row is shared by all rows; the others must agree on B. A field without an input is
// missing in all rows and weights without one are 1, unless the request says {"parameters": {"strict":
// true}}. Other parameters are ignored, but for such as are nearly called strict.
class RequestReader {
 public:
  explicit RequestReader(const Schema& schema, const RequestLimits& limits = {});

  // Throws RequestError: 400 for wrong input, 413 over the limits.
  InferenceRequest read(std::string_view body) const;

 private:
  // Which field an input is for, and what of it.
  struct Target {
    int64_t field;
    const InputTensor* FieldTensors::*part;
  };
  Target target_of(const std::string& input) const;
  std::vector<InputColumn> read_columns(const std::vector<InputTensor>& tensors, bool strict) const;
  void check_rows(int64_t rows) const;
  int64_t count_rows(const std::vector<InputColumn>& columns) const;
  KeyBags encode(const std::vector<InputColumn>& columns, int64_t rows) const;

  Schema schema_;
  RequestLimits limits_;
  RowEncoder encoder_;
  std::unordered_map<std::string, Target> targets_;  // by input name
};

}  // namespace esmm::serve
