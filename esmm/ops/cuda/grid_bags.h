#pragma once

#include <cstdint>

#include "esmm/ops/cuda/grid_numbers.h"

// The GPU's look-up: what one lane of a group of threads does for one bag.
namespace esmm::ops {

// bags_forward on pointers. E, Out: float, Bfloat16.
template <class E, class Out>
struct GridBags {
  const E* table;
  int64_t dimension;  // D
  const int32_t* rows;
  const int64_t* offsets;
  const float* weights;  // null: all 1
  Out* out;              // [bags, D]
};

// Columns `column` to `column` + kW - 1 of a bag's sum.
template <int kW, class E, class Out>
ESMM_HOST_DEVICE void sum_bag(const GridBags<E, Out>& bags, int64_t bag, int64_t column) {
  const int64_t begin = bags.offsets[bag], end = bags.offsets[bag + 1];
  float sums[kW] = {};
  ESMM_UNROLL(4)
  for (int64_t i = begin; i < end; ++i) {
    const float weight = bags.weights == nullptr ? 1.0f : bags.weights[i];
    add<kW>(weight, bags.table + int64_t{bags.rows[i]} * bags.dimension + column, sums);
  }
  store<kW>(sums, bags.out + bag * bags.dimension + column);
}

// What one thread of all does, of groups of `lanes` threads for each of so many bags.
template <int kW, class E, class Out>
ESMM_HOST_DEVICE void sum_bags_of_thread(const GridBags<E, Out>& bags, int64_t count, int64_t thread,
                                         int lanes) {
  const int64_t bag = thread / lanes;
  if (bag >= count) return;
  for (int64_t column = thread % lanes * kW; column < bags.dimension; column += int64_t{lanes} * kW)
    sum_bag<kW>(bags, bag, column);
}

}  // namespace esmm::ops
