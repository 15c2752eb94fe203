#include "esmm/data/prepare/key_rows.h"

#include <bit>

namespace esmm::data {

KeyRows::KeyRows(const Schema& schema, std::span<const int64_t> keys) : keys_(keys) {
  if (schema.mode == VocabularyMode::hashed) {
    mask_ = (int64_t{1} << schema.hash_bits) - 1;
    return;
  }
  while (shift_ > 1 && uint64_t{1} << (64 - shift_) < keys.size()) --shift_;
  begins_.resize((size_t{1} << (64 - shift_)) + 1);
  for (const int64_t key : keys) ++begins_[bucket_of(key) + 1];
  for (size_t bucket = 1; bucket < begins_.size(); ++bucket) begins_[bucket] += begins_[bucket - 1];
}

}  // namespace esmm::data
