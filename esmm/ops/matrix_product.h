#pragma once

#include <torch/types.h>

// Products of matrices on the CPU by oneDNN or by LibTorch's own (linear.h says which and why).
namespace esmm::ops {

enum class After { none, relu };

// a W^T + bias, then `after`. a [B, K] and weight [M, K], strided as they may be, of one type; bias [M] of
// it, or undefined. No gradients.
torch::Tensor product(const torch::Tensor& a, const torch::Tensor& weight, const torch::Tensor& bias = {},
                      After after = After::none);

// a^T b: a [B, M] and b [B, K], of one type -> [M, K]. No gradients.
torch::Tensor transposed_product(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace esmm::ops
