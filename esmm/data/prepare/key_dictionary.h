#pragma once

#include <cstdint>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace esmm::data {

// Small numbers for the different keys of some rows, in the order of first sight.
class KeyDictionary {
 public:
  int32_t id_of(int64_t key) {
    const auto [place, added] = ids_.try_emplace(key, static_cast<int32_t>(keys_.size()));
    if (added) keys_.push_back(key);
    return place->second;
  }
  const std::vector<int64_t>& keys() const { return keys_; }  // by id
  void clear() {
    ids_.clear();
    keys_.clear();
  }

 private:
  struct KeyHash {  // keys are XXH3 hashes already
    using is_avalanching = void;
    size_t operator()(int64_t key) const { return static_cast<size_t>(key); }
  };

  boost::unordered_flat_map<int64_t, int32_t, KeyHash> ids_;
  std::vector<int64_t> keys_;
};

}  // namespace esmm::data
