#include "esmm/train/tower_optimizer.h"

#include <ATen/ops/_fused_adamw.h>

namespace esmm::train {

TowerOptimizer::TowerOptimizer(const std::vector<std::pair<std::string, torch::Tensor>>& parameters,
                               const TowerOptimizerConfig& config)
    : config_(config) {
  for (const auto& [name, parameter] : parameters) {
    const torch::Tensor values = parameter.detach();
    (parameter.dim() > 1 ? weights_ : biases_)
        .push_back({name, parameter, torch::zeros_like(values), torch::zeros_like(values)});
  }
  if (parameters.empty()) return;
  const auto number = torch::TensorOptions(parameters.front().second.device()).dtype(torch::kFloat);
  t_ = torch::zeros({}, number);
  if (t_.is_cuda()) learning_rate_there_ = torch::zeros({}, number);
}

void TowerOptimizer::set(double learning_rate, int64_t t) {
  learning_rate_ = learning_rate;
  if (learning_rate_there_.defined()) learning_rate_there_.fill_(learning_rate);
  if (t_.defined()) t_.fill_(t);
}

void TowerOptimizer::apply() {
  const torch::NoGradGuard no_grad;
  apply(weights_, config_.weight_decay);
  apply(biases_, 0.0);
}

void TowerOptimizer::apply(const std::vector<Slot>& slots, double weight_decay) const {
  std::vector<torch::Tensor> parameters, gradients, m, v;
  for (const Slot& slot : slots) {
    torch::Tensor& gradient = slot.parameter.mutable_grad();
    if (!gradient.defined()) continue;
    parameters.push_back(slot.parameter);
    gradients.push_back(gradient.contiguous());
    m.push_back(slot.m);
    v.push_back(slot.v);
    gradient.reset();
  }
  if (parameters.empty()) return;
  const std::vector<torch::Tensor> steps(parameters.size(), t_);
  const auto step = [&](const auto& learning_rate) {
    at::_fused_adamw_(parameters, gradients, m, v, {}, steps, learning_rate, config_.beta1, config_.beta2,
                      weight_decay, config_.epsilon, /*amsgrad=*/false, /*maximize=*/false);
  };
  if (learning_rate_there_.defined()) {
    step(learning_rate_there_);
  } else {
    step(learning_rate_);
  }
}

NamedTensors TowerOptimizer::state() const {
  NamedTensors tensors;
  for (const auto* slots : {&weights_, &biases_}) {
    for (const Slot& slot : *slots) {
      tensors.emplace("m." + slot.name, slot.m);
      tensors.emplace("v." + slot.name, slot.v);
    }
  }
  return tensors;
}

}  // namespace esmm::train
