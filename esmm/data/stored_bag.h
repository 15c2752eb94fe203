#pragma once

#include <cstdint>
#include <span>

#include "esmm/core/vectors.h"

namespace esmm::data {

// A bag where a split keeps it.
struct StoredBag {
  const int32_t* ids;    // length of them
  const float* weights;  // raw ones; null: all 1
  int64_t length;
};

// Copies the bags' ids, one after the other, and their raw weights likewise (null: not wanted). Returns
// whether all ids are in [0, table_rows).
[[nodiscard]] bool copy_bags(std::span<const StoredBag> bags, int64_t table_rows, int32_t* ids,
                             float* weights, Vectors vectors = available_vectors().back());

}  // namespace esmm::data
