#pragma once

#include <torch/types.h>

#include <vector>

namespace esmm::ops {

// x W^T + bias, and max(0, ..) of it with `relu`: one autograd node, its backward written by hand.
//   x [B, K]; weight [M, K]; bias [M], or undefined (none) -> [B, M] of x's dtype
// On the CPU the products are oneDNN's, which uses the widest vectors of any maker's processor: for float it
// is twice as fast as LibTorch's own choice (MKL) on an AMD one with AVX-512. On Intel's, and on those
// without AVX-512, MKL multiplies floats: there it is a fifth, or a twentieth, faster than oneDNN. A bfloat16
// x is multiplied in bfloat16 (as floats where the CPU has no faster way) with float sums, by weights that
// are rounded here: weight and bias stay float, and so do their gradients. double, and devices other than the
// CPU, take LibTorch's own products.
torch::Tensor linear(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                     bool relu);

// The same of several layers of one input: weights [M_i, K], biases [M_i] -> [B, M_i] of each. Where
// products_take_columns(x), they are one product, and lie side by side in memory.
std::vector<torch::Tensor> linears(const torch::Tensor& x, const std::vector<torch::Tensor>& weights,
                                   const std::vector<torch::Tensor>& biases, bool relu);

}  // namespace esmm::ops
