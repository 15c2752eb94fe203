#pragma once

#include <cstdint>
#include <span>

#include "esmm/core/vectors.h"

namespace esmm::data {

// Ids where a split keeps them: a bag, or several that lie one after the other.
struct StoredIds {
  const int32_t* ids;    // length of them
  const float* weights;  // raw ones; null: all 1
  int64_t length;
};

// Copies the ids, one piece after the other, and their raw weights likewise (null: not wanted). Returns
// whether all ids are in [0, table_rows).
[[nodiscard]] bool copy_ids(std::span<const StoredIds> pieces, int64_t table_rows, int32_t* ids,
                            float* weights, Vectors vectors = available_vectors().back());

// Whether ids and weights are the same.
bool same_ids(const StoredIds& one, const StoredIds& other);

// Hash of ids and weights: the same for pieces that are the same.
uint64_t hash_ids(const StoredIds& piece, uint64_t seed);

}  // namespace esmm::data
