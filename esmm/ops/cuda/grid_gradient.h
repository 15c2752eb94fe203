#pragma once

#include <cstdint>

#include "esmm/ops/bfloat16.h"
#include "esmm/ops/cuda/grid_numbers.h"

namespace esmm::ops {

constexpr int kMostGradientParts = 4;

// The gradients of all bags of a step: part k has those of bags first_bag[k] on.
struct GridGradient {
  const void* parts[kMostGradientParts];  // float or Bfloat16 [bags of the part, D]
  uint32_t first_bag[kMostGradientParts];
  int count;
  bool bfloat16;
};

// sums += weight * the gradient of a bag, columns `column` to `column` + kW - 1.
template <int kW>
ESMM_HOST_DEVICE void add_gradient(const GridGradient& gradient, int64_t dimension, uint32_t bag,
                                   float weight, int64_t column, float (&sums)[kW]) {
  const void* part = gradient.parts[0];
  uint32_t first = 0;
  for (int k = 1; k < kMostGradientParts; ++k) {
    if (k < gradient.count && bag >= gradient.first_bag[k]) {
      part = gradient.parts[k];
      first = gradient.first_bag[k];
    }
  }
  const int64_t at = int64_t{bag - first} * dimension + column;
  if (gradient.bfloat16) {
    add<kW>(weight, static_cast<const Bfloat16*>(part) + at, sums);
  } else {
    add<kW>(weight, static_cast<const float*>(part) + at, sums);
  }
}

}  // namespace esmm::ops
