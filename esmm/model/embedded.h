#pragma once

#include <torch/types.h>

namespace esmm {

// What a look-up gives a network's towers, in float or bfloat16.
struct Embedded {
  torch::Tensor rows;       // [B, F * D]; where the batch has its users apart [B, (F - Fu) * D]
  torch::Tensor users{};    // [U, Fu * D]; undefined: not apart
  torch::Tensor of{};       // int64 [B]: which of the U an impression has
  torch::Tensor lengths{};  // [U, 2], of sided_linear: how the look-up hears of the users' gradients
};

}  // namespace esmm
