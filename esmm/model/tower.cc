#include "esmm/model/tower.h"

#include <torch/types.h>

#include <cmath>
#include <string>

namespace esmm {

TowerImpl::TowerImpl(const TowerOptions& options, const std::optional<at::Generator>& generator)
    : options_(options) {
  int64_t inputs = options.inputs;
  for (const int64_t outputs : options.layers) {
    const std::string name = "hidden_" + std::to_string(layers_.size());
    layers_.push_back(register_module(name, torch::nn::Linear(inputs, outputs)));
    inputs = outputs;
  }
  layers_.push_back(register_module("output", torch::nn::Linear(inputs, 1)));

  const torch::NoGradGuard no_grad;
  for (const torch::nn::Linear& layer : layers_) {
    layer->weight.normal_(0, std::sqrt(2.0 / static_cast<double>(layer->options.in_features())), generator);
    layer->bias.zero_();
  }
  layers_.back()->bias.fill_(options.output_bias);
}

torch::Tensor TowerImpl::forward(torch::Tensor x) {
  for (size_t k = 0; k + 1 < layers_.size(); ++k) {
    x = layers_[k](x).relu_();
    if (options_.dropout > 0) x = torch::dropout(x, options_.dropout, is_training());
  }
  return layers_.back()(x).squeeze(1);
}

}  // namespace esmm
