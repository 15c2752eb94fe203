#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "esmm/data/dataset.h"
#include "esmm/train/batches/device_feed.h"
#include "esmm/train/batches/resident_split.h"

namespace esmm::train {

// Where a loader's batches come from: impressions of one split, meant by their place in it. Thread-safe.
class BatchSource {
 public:
  virtual ~BatchSource() = default;

  virtual int64_t size() const = 0;  // impressions
  // What tells users apart (Split::hash_bags of the user's fields), one for each impression.
  virtual std::vector<uint64_t> user_hashes(std::span<const int64_t> impressions) const = 0;
  // Makes ready what is needed for `count` impressions from `first`, and for what these joined
  // (Split::read_in).
  virtual void read_in(int64_t first, int64_t count) const = 0;
  virtual void read_in_joined(std::span<const int64_t> impressions) const = 0;

  virtual FedBatch operator()(std::span<const int64_t> impressions) const = 0;
};

// Gathers from a split's files, on the host, and moves batches to the device. The split outlives the source.
std::unique_ptr<BatchSource> split_source(const data::Split& split, bool users_apart,
                                          const torch::Device& device);

// Takes batches from what was loaded onto the device. The split outlives the source. user_hashes: where its
// users are apart.
std::unique_ptr<BatchSource> resident_source(const ResidentSplit& split, const torch::Device& device);

}  // namespace esmm::train
