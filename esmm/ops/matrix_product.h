#pragma once

#include <torch/types.h>

#include <set>
#include <string>

// Products of matrices on the CPU by oneDNN or by LibTorch's own (linear.h says which and why).
namespace esmm::ops {

// Whether a CPU multiplies bfloat16 faster than floats, by its cpu_capabilities(). AMD's AVX512-BF16
// multiplies at twice the rate of floats; Intel's takes four times as long as a product of floats for twice
// the numbers, and leaves the work to AMX.
bool bfloat16_is_faster(const std::set<std::string>& capabilities, bool intel);
bool bfloat16_is_faster();  // this CPU

// Whether products of x's device and type read some columns of a wider matrix where they lie. oneDNN's do
// not: they are given copies.
bool products_take_columns(const torch::Tensor& x);

enum class After { none, relu };

// Both multiply bfloat16 as floats where `as_floats` says so: the sums are rounded to bfloat16 either way.

// a W^T + bias, then `after`. a [B, K] and weight [M, K], strided as they may be, of one type; bias [M] of
// it, or undefined. No gradients.
torch::Tensor product(const torch::Tensor& a, const torch::Tensor& weight, const torch::Tensor& bias = {},
                      After after = After::none, bool as_floats = !bfloat16_is_faster());

// a^T b: a [B, M] and b [B, K], of one type -> [M, K]. No gradients.
torch::Tensor transposed_product(const torch::Tensor& a, const torch::Tensor& b,
                                 bool as_floats = !bfloat16_is_faster());

}  // namespace esmm::ops
