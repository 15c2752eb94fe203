#include "esmm/model/tower.h"

#include <torch/types.h>

#include <cmath>
#include <string>

#include "esmm/ops/linear.h"

namespace esmm {
namespace {

using torch::nn::Linear;

Linear make_linear(int64_t inputs, int64_t outputs, const std::optional<at::Generator>& generator) {
  Linear linear(inputs, outputs);
  const torch::NoGradGuard no_grad;
  linear->weight.normal_(0, std::sqrt(2.0 / static_cast<double>(inputs)), generator);
  linear->bias.zero_();
  return linear;
}

}  // namespace

TowerImpl::TowerImpl(const TowerOptions& options, const std::optional<at::Generator>& generator)
    : dropout_(options.dropout) {
  int64_t inputs = options.inputs;
  for (const int64_t units : options.layers) {
    const std::string k = std::to_string(hidden_.size());
    Hidden& layer = hidden_.emplace_back();
    layer.linear = register_module("hidden_" + k, make_linear(inputs, units, generator));
    if (options.batch_norm) layer.norm = register_module("norm_" + k, BatchNorm(units));
    layer.activation = register_module("activation_" + k, ActivationLayer(options.activation, units));
    inputs = units;
  }
  output_ = register_module("output", make_linear(inputs, 1, generator));
  {
    const torch::NoGradGuard no_grad;
    output_->bias.fill_(options.output_bias);
  }
  if (options.wide_rows == 0) return;
  wide_ = register_module(
      "wide", SharedEmbedding(
                  SharedEmbeddingOptions{
                      .rows = options.wide_rows, .fields = options.fields, .dimension = 1, .std = 0},
                  generator));
}

torch::Tensor TowerImpl::forward(torch::Tensor x, const TensorBatch& batch) {
  for (Hidden& layer : hidden_) {
    const bool relu = layer.activation->kind() == Activation::relu && !layer.norm;
    x = ops::linear(x, layer.linear->weight, layer.linear->bias, relu);
    if (layer.norm) x = layer.norm(x);
    if (!relu) x = layer.activation(x);
    if (dropout_ > 0) x = torch::dropout(x, dropout_, is_training());
  }
  const torch::Tensor logit = output_(x).squeeze(1);
  return wide_ ? logit + wide_(batch).sum(1) : logit;
}

}  // namespace esmm
