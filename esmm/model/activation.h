#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

#include "esmm/config/model_config.h"
#include "esmm/model/batch_norm.h"

namespace esmm {

// What follows a hidden layer, [B, units] -> [B, units]:
//   relu    max(0, x)
//   prelu   max(0, x) + slope * min(0, x)                      slope starts at 0.25 (He et al., ICCV 2015)
//   dice    p * x + (1 - p) * slope * x, p = sigmoid(norm(x))  slope starts at 0; norm: batch normalisation
//   that
//           is not affine (Zhou et al., KDD 2018, section 5.3)
// with a slope for each unit, learnt.
class ActivationLayerImpl : public torch::nn::Module {
 public:
  ActivationLayerImpl(Activation kind, int64_t units);

  // x is overwritten where that is cheaper.
  torch::Tensor forward(torch::Tensor x);

  Activation kind() const { return kind_; }
  const torch::Tensor& slope() const { return slope_; }  // [units]; undefined for relu
  const BatchNorm& norm() const { return norm_; }        // empty but for dice

 private:
  Activation kind_;
  torch::Tensor slope_;
  BatchNorm norm_{nullptr};
};
TORCH_MODULE(ActivationLayer);

}  // namespace esmm
