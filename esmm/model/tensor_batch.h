#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "esmm/features/bags.h"
#include "esmm/ops/bags.h"

namespace esmm {

// A Batch as tensors.
struct TensorBatch {
  int64_t size = 0;          // B
  ops::TableBags bags;       // B x F
  torch::Tensor click;       // float [B], 0 or 1
  torch::Tensor conversion;  // float [B], 0 or 1; click AND conversion
  // float [B], not negative: sample weights of the click task and of the conversion tasks; undefined: all 1
  torch::Tensor click_weight{}, conversion_weight{};

  TensorBatch to(const torch::Device& device) const;
};

// pooling: one per field, F.
TensorBatch to_tensors(const Batch& batch, const std::vector<Pooling>& pooling);

}  // namespace esmm
