#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace esmm::data {

// Counts of keys, more than memory holds. The keys fall into shards by their first bits; a shard that
// outgrows its part of the budget moves to a file, and at the end one shard after the other is summed up.
class KeyCounts {
 public:
  static constexpr size_t kBudget = size_t{1} << 24;  // keys; about 0.5 GB

  // folder: exists; for the files.
  explicit KeyCounts(std::filesystem::path folder, size_t budget = kBudget);

  // Adds counts[i] to that of keys[i]; keys of count 0 are left out. Any thread.
  void add(std::span<const int64_t> keys, std::span<const int64_t> counts);

  // Sorted keys that count min_frequency at least, with their counts. Ends the counting.
  struct Known {
    std::vector<int64_t> keys, counts;
  };
  Known settle(int64_t min_frequency, size_t threads);

 private:
  static constexpr size_t kShards = 256;

  struct KeyHash {  // keys are XXH3 hashes already; those of a shard begin alike
    using is_avalanching = void;
    size_t operator()(int64_t key) const { return std::rotl(static_cast<uint64_t>(key), 16); }
  };
  struct Shard {
    std::mutex mutex;
    boost::unordered_flat_map<int64_t, int64_t, KeyHash> counts;
    bool spilled = false;
  };

  // Shards in the order of signed keys.
  static size_t shard_of(int64_t key) { return (static_cast<uint64_t>(key) >> 56) ^ 0x80; }
  std::filesystem::path file_of(size_t shard) const;
  void spill(size_t shard);
  void settle_shard(size_t shard, int64_t min_frequency, Known& known);

  std::filesystem::path folder_;
  size_t shard_budget_;
  std::array<Shard, kShards> shards_;
};

}  // namespace esmm::data
