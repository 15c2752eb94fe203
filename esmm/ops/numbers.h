#pragma once

#include <torch/types.h>

#include "esmm/ops/bfloat16.h"

namespace esmm::ops {

// Calls body(T{}, Sum{}) for a float, bfloat16 or double tensor: its numbers, and what they are added up in.
template <class Body>
void with_number(c10::ScalarType type, const Body& body) {
  switch (type) {
    case c10::kDouble:
      return body(double{}, double{});
    case c10::kBFloat16:
      return body(Bfloat16{}, float{});
    default:
      return body(float{}, float{});
  }
}

template <class T>
T* data_of(const torch::Tensor& tensor) {
  return static_cast<T*>(tensor.mutable_data_ptr());
}

}  // namespace esmm::ops
