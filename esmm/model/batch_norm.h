#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

namespace esmm {

// Batch normalisation (Ioffe & Szegedy, ICML 2015) of [B, units], per unit: (x - mean) / sqrt(variance +
// 1e-5), then times `weight` plus `bias` where it is affine. Mean and variance are the batch's in training
// and running ones (momentum 0.1) in evaluation; a training batch of one row, which has no variance, takes
// the running ones too.
class BatchNormImpl : public torch::nn::Module {
 public:
  explicit BatchNormImpl(int64_t units, bool affine = true);

  torch::Tensor forward(const torch::Tensor& x);

  // What it does in evaluation is x * scale + shift, each [units].
  struct Line {
    torch::Tensor scale, shift;
  };
  Line line() const;

 private:
  torch::Tensor weight_, bias_;  // undefined where it is not affine
  torch::Tensor mean_, variance_;
};
TORCH_MODULE(BatchNorm);

}  // namespace esmm
