#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "esmm/config/train_config.h"
#include "esmm/train/files/tensor_file.h"

namespace esmm::train {

// Adam with decoupled weight decay, as torch::optim::AdamW does it, in one fused pass over each parameter
// (stock AdamW makes eight). Matrices decay by weight_decay, biases do not.
//   p -= lr * decay * p;  m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2;  p -= lr * (m / (1 - b1^t)) /
//   (sqrt(v / (1 - b2^t)) + eps)
class TowerOptimizer {
 public:
  TowerOptimizer(const std::vector<std::pair<std::string, torch::Tensor>>& parameters,
                 const TowerOptimizerConfig& config);

  // Takes the parameters' gradients, which are forgotten. t: this step's number, from 1. A parameter without
  // a gradient stays.
  void step(double learning_rate, int64_t t) {
    set(learning_rate, t);
    apply();
  }
  // The same in two parts: what changes from step to step; and the step, which on a GPU reads that from the
  // GPU's memory and so can be captured once and run again.
  void set(double learning_rate, int64_t t);
  void apply();

  // m and v of each parameter: "m.<parameter>", "v.<parameter>".
  NamedTensors state() const;

 private:
  struct Slot {
    std::string name;
    torch::Tensor parameter, m, v;
  };
  void apply(const std::vector<Slot>& slots, double weight_decay) const;

  TowerOptimizerConfig config_;
  std::vector<Slot> weights_, biases_;
  double learning_rate_ = 0;
  torch::Tensor learning_rate_there_;  // float [], on a GPU; undefined on the CPU
  torch::Tensor t_;                    // float [], on the parameters' device
};

}  // namespace esmm::train
