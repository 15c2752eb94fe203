#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace esmm {

struct TowerOptions {
  int64_t inputs = 0;                         // F * D
  std::vector<int64_t> layers{360, 200, 80};  // hidden layers, each followed by ReLU and dropout
  double dropout = 0.0;
  double output_bias = 0.0;  // log-odds at the start
};

// A multi-layer perceptron [B, inputs] -> logit [B]. Weights start as He normal (He et al. 2015), biases as
// 0. Its layers are named hidden_0, hidden_1, ... and output.
class TowerImpl : public torch::nn::Module {
 public:
  // generator: gives the initial values; none: the global one. Dropout draws from the global one.
  explicit TowerImpl(const TowerOptions& options,
                     const std::optional<at::Generator>& generator = std::nullopt);

  torch::Tensor forward(torch::Tensor x);

  const TowerOptions& options() const { return options_; }
  // Hidden layers, then the output layer.
  const std::vector<torch::nn::Linear>& layers() const { return layers_; }

 private:
  TowerOptions options_;
  std::vector<torch::nn::Linear> layers_;
};
TORCH_MODULE(Tower);

}  // namespace esmm
