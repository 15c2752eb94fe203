#pragma once

#include <string>

#include "esmm/features/field.h"

namespace esmm::test {

// A field that has no more than what makes its bags. weights: column of raw ones; empty: none.
inline Field field_of(FieldKind kind, Side side, Pooling pooling, const std::string& weights = "") {
  Field field;
  field.kind = kind;
  field.side = side;
  field.pooling = pooling;
  field.weights = weights;
  return field;
}

}  // namespace esmm::test
