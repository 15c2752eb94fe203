#include "esmm/model/tower.h"

#include <torch/types.h>

#include <cmath>
#include <string>

#include "esmm/ops/dropout.h"
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

Embedded as_float(const Embedded& x) {
  return {.rows = x.rows.to(torch::kFloat),
          .users = x.users.defined() ? x.users.to(torch::kFloat) : x.users,
          .of = x.of,
          .lengths = x.lengths};
}

}  // namespace

TowerImpl::TowerImpl(const TowerOptions& options, const std::optional<at::Generator>& generator)
    : dropout_(options.dropout), sides_(options.sides) {
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

std::vector<torch::Tensor> TowerImpl::multiply(const std::vector<Linear>& layers, const Embedded& x,
                                               bool relu) const {
  std::vector<torch::Tensor> weights, biases;
  for (const Linear& layer : layers) {
    weights.push_back(layer->weight);
    biases.push_back(layer->bias);
  }
  return x.users.defined()
             ? ops::sided_linears(x.rows, x.users, x.of, x.lengths, weights, biases, sides_, relu)
             : ops::linears(x.rows, weights, biases, relu);
}

torch::Tensor TowerImpl::sum_of_fields(const Embedded& wide) const {
  if (!wide.users.defined()) return wide.rows.sum(1);
  const torch::Tensor ones = torch::ones({1, wide.rows.size(1) + wide.users.size(1)}, wide.rows.options());
  const ops::Sides sides{.rows = sides_.rows, .users = sides_.users, .width = 1};
  return ops::sided_linear(wide.rows, wide.users, wide.of, wide.lengths, ones,
                           torch::zeros({1}, ones.options()), sides, /*relu=*/false)
      .squeeze(1);
}

torch::Tensor TowerImpl::activated(Hidden& layer, torch::Tensor y, torch::ScalarType type) const {
  if (layer.norm) y = layer.norm(y);
  if (!layer.is_fused()) y = layer.activation(y);
  if (is_training()) y = ops::dropout(y, dropout_);
  return y.to(type);  // what is learnt beside the products stays float, and makes y float
}

torch::Tensor TowerImpl::logit_after(size_t done, Embedded x, const TensorBatch& batch) {
  const torch::ScalarType type = x.rows.scalar_type();
  for (size_t k = done; k < hidden_.size(); ++k) {
    const torch::Tensor y = multiply({hidden_[k].linear}, x, hidden_[k].is_fused())[0];
    x = {.rows = activated(hidden_[k], y, type)};
  }
  if (type == torch::kBFloat16) x = as_float(x);
  const torch::Tensor logit = multiply({output_}, x, /*relu=*/false)[0].squeeze(1);
  if (!wide_) return logit;
  return logit + sum_of_fields(wide_(batch));
}

torch::Tensor TowerImpl::forward(const Embedded& x, const TensorBatch& batch) {
  return logit_after(0, x, batch);
}

std::vector<torch::Tensor> logits_of(std::vector<Tower> towers, const Embedded& x, const TensorBatch& batch) {
  std::vector<torch::Tensor> logits;
  std::vector<Linear> first;
  for (const Tower& tower : towers) {
    if (tower->hidden_.empty() || !tower->hidden_[0].is_fused()) break;  // what follows wants dense input
    first.push_back(tower->hidden_[0].linear);
  }
  if (first.size() < towers.size()) {
    for (Tower& tower : towers) logits.push_back(tower(x, batch));
    return logits;
  }
  const std::vector<torch::Tensor> y = towers[0]->multiply(first, x, /*relu=*/true);
  for (size_t i = 0; i < towers.size(); ++i) {
    TowerImpl& tower = *towers[i];
    const torch::Tensor rows = tower.activated(tower.hidden_[0], y[i], x.rows.scalar_type());
    logits.push_back(tower.logit_after(1, {.rows = rows}, batch));
  }
  return logits;
}

}  // namespace esmm
