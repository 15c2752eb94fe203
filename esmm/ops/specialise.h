#pragma once

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <type_traits>

namespace esmm::ops {

// Calls body(T{}) with T the C++ type of a float or double tensor.
template <class Body>
void with_type(c10::ScalarType type, const Body& body) {
  if (type == c10::kDouble) {
    body(double{});
  } else {
    body(float{});
  }
}

// A D known to the compiler; 0: any, known at run time alone.
template <int64_t D>
using Dimension = std::integral_constant<int64_t, D>;

// Calls body(Dimension<D>{}) for a usual D, else body(Dimension<0>{}).
template <class Body>
void with_dimension(int64_t dimension, const Body& body) {
  switch (dimension) {
    case 8:
      return body(Dimension<8>{});
    case 16:
      return body(Dimension<16>{});
    case 32:
      return body(Dimension<32>{});
    case 64:
      return body(Dimension<64>{});
    default:
      return body(Dimension<0>{});
  }
}

}  // namespace esmm::ops
