#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "esmm/features/schema.h"

namespace esmm::data {

// Table rows of keys, for many look-ups. Exact: the place of a key among sorted ones; as keys are hashes,
// their first bits tell about where. Hashed: bits of the key.
class KeyRows {
 public:
  // keys: sorted, of exact mode; outlive it.
  KeyRows(const Schema& schema, std::span<const int64_t> keys);

  static constexpr int32_t kUnknown = -1;

  int32_t row_of(int64_t key) const {
    if (mask_ != 0) return static_cast<int32_t>(key & mask_);
    const size_t bucket = bucket_of(key);
    for (uint32_t i = begins_[bucket]; i < begins_[bucket + 1]; ++i) {
      if (keys_[i] == key) return static_cast<int32_t>(i);
    }
    return kUnknown;
  }
  // Row of field f's unknown keys.
  int32_t unknown_row(int64_t field) const {
    return static_cast<int32_t>(static_cast<int64_t>(keys_.size()) + field);
  }

 private:
  size_t bucket_of(int64_t key) const {
    return static_cast<size_t>((static_cast<uint64_t>(key) ^ uint64_t{1} << 63) >> shift_);
  }

  int64_t mask_ = 0;
  std::span<const int64_t> keys_;
  int shift_ = 63;                // of a key, for its bucket
  std::vector<uint32_t> begins_;  // per bucket and one more: its first key
};

}  // namespace esmm::data
