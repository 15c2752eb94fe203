#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "esmm/features/schema.h"

namespace esmm::data {

// Small numbers for keys while the logs are read once: rows of the table are known only when all keys are
// counted. Exact: numbers in order of first sight. Hashed: the rows themselves.
class KeyIds {
 public:
  explicit KeyIds(const Schema& schema);

  int32_t id_of(int64_t key) {
    if (mask_ != 0) return static_cast<int32_t>(key & mask_);
    const auto [place, added] = ids_.try_emplace(key, static_cast<int32_t>(keys_.size()));
    if (added) add(key);
    return place->second;
  }
  void count(int32_t id, int64_t occurrences = 1) {
    if (mask_ == 0) counts_[id] += occurrences;
  }

  // Sorted keys that occur min_frequency times at least, with their counts. Ends id_of and count.
  struct Known {
    std::vector<int64_t> keys, counts;
  };
  Known settle(int64_t min_frequency);
  // After settle: rows of a field's ids.
  void rows_of(int64_t field, const int32_t* ids, int64_t size, int32_t* rows) const;

 private:
  struct KeyHash {  // keys are XXH3 hashes already
    using is_avalanching = void;
    size_t operator()(int64_t key) const { return static_cast<size_t>(key); }
  };

  void add(int64_t key);

  int64_t mask_ = 0;
  boost::unordered_flat_map<int64_t, int32_t, KeyHash> ids_;
  std::vector<int64_t> keys_, counts_;
  std::vector<int32_t> rows_;  // per id; -1: unknown
  int32_t known_ = 0;
};

}  // namespace esmm::data
