#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "esmm/core/random.h"
#include "esmm/data/stored_ids.h"

namespace esmm::data {

// The bags of some fields of some impressions, to tell impressions apart.
struct BagSet {
  size_t fields = 0, pieces_each = 0;
  std::vector<int64_t> lengths;  // fields of them each
  std::vector<StoredIds> pieces;

  std::span<const int64_t> lengths_of(size_t i) const {
    return std::span(lengths).subspan(i * fields, fields);
  }
  std::span<const StoredIds> pieces_of(size_t i) const {
    return std::span(pieces).subspan(i * pieces_each, pieces_each);
  }
  bool same(size_t i, size_t k) const {
    const auto one = pieces_of(i), other = pieces_of(k);
    return std::ranges::equal(lengths_of(i), lengths_of(k)) &&
           std::equal(one.begin(), one.end(), other.begin(), same_ids);
  }
  uint64_t hash(size_t i, uint64_t seed) const {
    for (const int64_t length : lengths_of(i)) seed = mix64(seed ^ static_cast<uint64_t>(length));
    for (const StoredIds& piece : pieces_of(i)) seed = hash_ids(piece, seed);
    return seed;
  }
};

}  // namespace esmm::data
