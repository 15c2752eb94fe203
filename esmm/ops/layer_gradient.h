#pragma once

#include <torch/types.h>

namespace esmm::ops {

struct LayerGradient {
  torch::Tensor sums;  // [B, M], contiguous: the gradient of x W^T + bias
  torch::Tensor bias;  // [M], float (double for double): its sum over rows
};

// What comes back through a layer's max(0, ..), in one pass: grad where y > 0, else 0. grad and y [B, M], of
// one type; y undefined: the layer has none. The same on any number of threads.
LayerGradient layer_gradient(const torch::Tensor& grad, const torch::Tensor& y);

}  // namespace esmm::ops
