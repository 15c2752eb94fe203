#include "esmm/features/vocabulary.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

#include "esmm/core/error.h"

namespace esmm {
namespace {

// Keys are XXH3 hashes already.
struct KeyHash {
  using is_avalanching = void;
  size_t operator()(int64_t key) const { return static_cast<size_t>(key); }
};

}  // namespace

struct Vocabulary::Index {
  boost::unordered_flat_map<int64_t, int32_t, KeyHash> rows;
};

Vocabulary::Vocabulary(std::vector<int64_t> keys, int64_t fields)
    : keys_(std::move(keys)), fields_(fields), index_(std::make_unique<Index>()) {
  if (std::adjacent_find(keys_.begin(), keys_.end(), std::greater_equal<>()) != keys_.end()) {
    throw Error({.what = "vocabulary keys are not sorted or repeat", .hint = "prepare the data set again"});
  }
  if (keys_.size() + static_cast<size_t>(fields) > std::numeric_limits<int32_t>::max()) {
    throw Error({.what = "vocabulary is too large",
                 .expected = "fewer than 2^31 rows",
                 .hint = "raise data.vocabulary.min_frequency or use hashing"});
  }
  index_->rows.reserve(keys_.size());
  for (size_t row = 0; row < keys_.size(); ++row) index_->rows.emplace(keys_[row], static_cast<int32_t>(row));
}

Vocabulary Vocabulary::hashed(int64_t bits, int64_t fields) {
  if (bits < 1 || bits > 30) {
    throw Error({.what = "hash bits out of range", .expected = "1 to 30", .got = std::to_string(bits)});
  }
  Vocabulary vocabulary;
  vocabulary.fields_ = fields;
  vocabulary.mask_ = (int64_t{1} << bits) - 1;
  return vocabulary;
}

Vocabulary::~Vocabulary() = default;
Vocabulary::Vocabulary(Vocabulary&&) noexcept = default;
Vocabulary& Vocabulary::operator=(Vocabulary&&) noexcept = default;

int32_t Vocabulary::row_of(int64_t key, int64_t field) const {
  if (mask_ != 0) return static_cast<int32_t>(key & mask_);
  const auto found = index_->rows.find(key);
  return found == index_->rows.end() ? static_cast<int32_t>(static_cast<int64_t>(keys_.size()) + field)
                                     : found->second;
}

bool Vocabulary::knows(int64_t key) const { return mask_ != 0 || index_->rows.contains(key); }

RowBags Vocabulary::rows_of(const KeyBags& keys) const {
  RowBags rows;
  rows.offsets = keys.offsets;
  rows.weights = keys.weights;
  rows.ids.resize(keys.ids.size());
  for (int64_t bag = 0; bag < keys.bags(); ++bag) {
    for (int64_t i = keys.offsets[bag]; i < keys.offsets[bag + 1]; ++i)
      rows.ids[i] = row_of(keys.ids[i], bag % fields_);
  }
  return rows;
}

int64_t Vocabulary::table_rows() const {
  return mask_ != 0 ? mask_ + 1 : static_cast<int64_t>(keys_.size()) + fields_;
}

std::span<const int64_t> Vocabulary::keys() const { return keys_; }

}  // namespace esmm
