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
}

void TowerOptimizer::step(double learning_rate, int64_t t) {
  const torch::NoGradGuard no_grad;
  step(weights_, config_.weight_decay, learning_rate, t);
  step(biases_, 0.0, learning_rate, t);
}

void TowerOptimizer::step(const std::vector<Slot>& slots, double weight_decay, double learning_rate,
                          int64_t t) const {
  std::vector<torch::Tensor> parameters, gradients, m, v, steps;
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
  steps.assign(parameters.size(),
               torch::full({}, static_cast<double>(t),
                           parameters[0].options().dtype(torch::kFloat).requires_grad(false)));
  at::_fused_adamw_(parameters, gradients, m, v, {}, steps, learning_rate, config_.beta1, config_.beta2,
                    weight_decay, config_.epsilon, /*amsgrad=*/false, /*maximize=*/false);
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
