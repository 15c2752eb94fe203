#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "esmm/features/field.h"
#include "esmm/features/field_encoder.h"
#include "esmm/serve/input_tensor.h"

namespace esmm::serve {

// The tensors that a request has for one field; null where it has none.
struct FieldTensors {
  const InputTensor* values = nullptr;
  const InputTensor* weights = nullptr;  // <field>__weights
  const InputTensor* lengths = nullptr;  // <field>__lengths
};

// Raw values of one field, row by row: views into the tensors.
struct InputColumn {
  int64_t rows = 1;                    // 1: shared by all rows of the request
  std::vector<int64_t> offsets{0, 0};  // rows + 1
  std::vector<std::string_view> values;
  std::vector<float> weights;  // empty: all 1

  RawBag bag(int64_t row) const;
};

// Shapes that a field takes:
//   [B] or [B, 1]              one value per row; a multi-valued field's text is split by the field's
//   separator where it has one [B, L]                     multi-valued: L values per row, padded with "" or
//   null [N] and lengths [B]        multi-valued: row b holds lengths[b] of the values, one row after the
//   other
// weights: as many as values, in the same order; multi-valued fields only. Texts (BYTES) of weights are split
// where those of values are.
// Throws RequestError (400).
InputColumn read_column(const Field& field, const FieldTensors& tensors);

}  // namespace esmm::serve
