#pragma once

#include <torch/types.h>

#include <vector>

namespace esmm::ops {

// Layers of one input, each x W^T + bias, and max(0, ..) of it with `relu`, with a backward written by hand.
//   x [B, K]; weights [M_i, K]; biases [M_i] -> [B, M_i] of each, of x's dtype
// Where products_take_columns(x) all layers are one product, and their outputs lie side by side in memory.
//
// On the CPU the products are oneDNN's, which uses the widest vectors of any maker's processor: for float it
// is twice as fast as LibTorch's own choice (MKL) on an AMD one with AVX-512. On Intel's, and on those
// without AVX-512, MKL multiplies floats: there it is a fifth, or a twentieth, faster than oneDNN. A bfloat16
// x is multiplied in bfloat16 (as floats where the CPU has no faster way) with float sums, by weights that
// are rounded here: weight and bias stay float, and so do their gradients. double, and devices other than the
// CPU, take LibTorch's own products.
std::vector<torch::Tensor> linears(const torch::Tensor& x, const std::vector<torch::Tensor>& weights,
                                   const std::vector<torch::Tensor>& biases, bool relu);

}  // namespace esmm::ops
