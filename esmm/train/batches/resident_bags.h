#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "esmm/data/dataset.h"
#include "esmm/features/field_group.h"
#include "esmm/ops/bags.h"

namespace esmm::train {

// The bags of a group of fields, of many impressions of a split, kept on a device: what gather_bags gives of
// any of them, put together there. Thread-safe once loaded.
class ResidentBags {
 public:
  // Counts the ids of impressions; takes no memory of a device yet. Throws as Split::find_bags does.
  ResidentBags(const data::Split& split, FieldGroup group, std::span<const int64_t> impressions);

  int64_t bytes() const;  // that it takes on a device

  // Once; the split and the impressions are those of before. Throws as gather_bags does.
  void load(const data::Split& split, std::span<const int64_t> impressions, const torch::Device& device);

  // places: of impressions among those that were loaded; on_device: the same there, int64 [B]. Waits for
  // nothing: how many ids they have is known on the host.
  ops::TableBags operator()(std::span<const int64_t> places, const torch::Tensor& on_device) const;

 private:
  void count(const data::Split& split, std::span<const int64_t> impressions);
  void copy(const ops::TableBags& bags, int64_t first, int64_t count);
  int64_t size() const { return static_cast<int64_t>(starts_.size()) - 1; }  // n
  bool has_weights() const { return group_.weighted || any_means_; }

  FieldGroup group_;
  int64_t table_rows_;
  std::vector<int64_t> starts_;  // [n + 1], of an impression's ids
  std::vector<uint8_t> means_;   // [n], whether an impression has a mean of several ids
  bool any_means_ = false;
  bool single_ = true;  // each bag of each impression has one id

  torch::Tensor rows_;     // int32 [N]
  torch::Tensor weights_;  // float [N], effective; undefined: all 1
  torch::Tensor ends_;     // int32 [n, F], of bags, from an impression's first id; [1, F] where single_
  torch::Tensor starts_on_device_;  // int64 [n]
};

}  // namespace esmm::train
