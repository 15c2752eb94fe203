#pragma once

#include <torch/types.h>

#include <vector>

namespace esmm::ops {

struct LayerGradient {
  torch::Tensor sums;  // [B, M], contiguous: the gradient of x W^T + bias
  torch::Tensor bias;  // [M], float (double for double): its sum over rows
};

// What comes back through a layer's max(0, ..), in one pass: the gradient where y > 0, else 0. grads: of the
// layer's columns, side by side, [B, M_i]; y [B, M], M the sum of them; undefined: the layer has no max. All
// of one type. The same on any number of threads.
LayerGradient layer_gradient(const std::vector<torch::Tensor>& grads, const torch::Tensor& y);

}  // namespace esmm::ops
