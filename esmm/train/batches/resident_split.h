#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "esmm/data/dataset.h"
#include "esmm/model/tensor_batch.h"
#include "esmm/train/batches/resident_bags.h"
#include "esmm/train/batches/user_groups.h"

namespace esmm::train {

// A split that is kept on a device as a whole, and batches of it, put together there: only the places of
// their impressions travel. Where users are apart, a user's bags are kept once. On the host stay how many ids
// each impression has and which user's it is. Thread-safe once loaded.
class ResidentSplit {
 public:
  // Counts; takes no memory of a device yet. users_apart: TensorBatch::users is set. The split outlives the
  // object. Throws as Split does where a file is damaged.
  ResidentSplit(const data::Split& split, bool users_apart);

  int64_t size() const { return split_.size(); }  // impressions
  int64_t bytes() const;                          // that it takes on a device

  // Once, before anything is asked of it. Returns when all is there. Throws as Split does.
  void load(const torch::Device& device);

  // What Gather gives of them, bit for bit, on the device. What it asks of a GPU goes onto the calling
  // thread's current stream, and it waits for nothing.
  TensorBatch operator()(std::span<const int64_t> impressions) const;

  // As hash_users gives. Where users are apart.
  std::vector<uint64_t> user_hashes(std::span<const int64_t> impressions) const;

 private:
  torch::Tensor moved(std::span<const int64_t> values) const;
  UserSide users_of(std::span<const int64_t> impressions) const;
  void load_labels(std::span<const int64_t> impressions);

  const data::Split& split_;
  torch::Device device_ = torch::kCPU;
  std::optional<DistinctUsers> users_;  // none: not apart
  std::optional<ResidentBags> user_bags_;
  ResidentBags bags_;                                                    // where users are apart, of all else
  torch::Tensor click_, conversion_, click_weight_, conversion_weight_;  // float [n]
};

}  // namespace esmm::train
