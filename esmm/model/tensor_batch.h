#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "esmm/features/bags.h"
#include "esmm/ops/bags.h"

namespace esmm {

// The user's fields of a batch (those with side user), once for impressions in a row that have the same.
struct UserSide {
  ops::TableBags bags;  // U x Fu
  torch::Tensor of;     // int64 [B]: which of the U an impression has; from 0, rising by 0 or 1
};

// A Batch as tensors.
struct TensorBatch {
  int64_t size = 0;          // B
  ops::TableBags bags;       // B x F; where users are apart B x (F - Fu), the other fields in their order
  torch::Tensor click;       // float [B], 0 or 1
  torch::Tensor conversion;  // float [B], 0 or 1; click AND conversion
  // float [B], not negative: sample weights of the click task and of the conversion tasks; undefined: all 1
  torch::Tensor click_weight{}, conversion_weight{};
  std::optional<UserSide> users{};  // none: the users' fields are among the others

  // The same with change(tensor) for each tensor that is defined.
  TensorBatch with_each(const std::function<torch::Tensor(const torch::Tensor&)>& change) const;
  TensorBatch to(const torch::Device& device) const;
  // Checks ids and offsets against tables of so many rows, once (ops/check_bags.h), and which users
  // impressions have. Throws Error; InternalError for the users.
  void check(int64_t table_rows);
};

// pooling: one per field, F.
TensorBatch to_tensors(const Batch& batch, const std::vector<Pooling>& pooling);

}  // namespace esmm
