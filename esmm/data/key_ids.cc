#include "esmm/data/key_ids.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "esmm/core/error.h"

namespace esmm::data {

KeyIds::KeyIds(const Schema& schema) {
  if (schema.mode == VocabularyMode::hashed) mask_ = (int64_t{1} << schema.hash_bits) - 1;
}

void KeyIds::add(int64_t key) {
  if (keys_.size() >= static_cast<size_t>(std::numeric_limits<int32_t>::max())) {
    throw Error({.what = "too many different keys",
                 .expected = "fewer than 2^31",
                 .hint = "set data.vocabulary.mode: hashed"});
  }
  keys_.push_back(key);
  counts_.push_back(0);
}

KeyIds::Known KeyIds::settle(int64_t min_frequency) {
  ids_ = {};
  std::vector<std::pair<int64_t, int32_t>> sorted;
  for (size_t id = 0; id < keys_.size(); ++id) {
    if (counts_[id] >= min_frequency) sorted.emplace_back(keys_[id], static_cast<int32_t>(id));
  }
  std::sort(sorted.begin(), sorted.end());
  Known known;
  rows_.assign(keys_.size(), -1);
  for (const auto& [key, id] : sorted) {
    rows_[id] = static_cast<int32_t>(known.keys.size());
    known.keys.push_back(key);
    known.counts.push_back(counts_[id]);
  }
  known_ = static_cast<int32_t>(known.keys.size());
  return known;
}

void KeyIds::rows_of(int64_t field, const int32_t* ids, int64_t size, int32_t* rows) const {
  if (mask_ != 0) {
    std::copy(ids, ids + size, rows);
    return;
  }
  const auto unknown = known_ + static_cast<int32_t>(field);
  for (int64_t i = 0; i < size; ++i) {
    const int32_t row = rows_[ids[i]];
    rows[i] = row < 0 ? unknown : row;
  }
}

}  // namespace esmm::data
