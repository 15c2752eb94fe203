#pragma once

#include <torch/types.h>

#include <cstdint>

#include "esmm/config/train_config.h"
#include "esmm/ops/table_updates.h"
#include "esmm/train/files/tensor_file.h"

namespace esmm::train {

ops::UpdateRule update_rule(TableOptimizer name);

// What an embedding table's optimiser is told of a step.
struct EmbeddingStep {
  double learning_rate = 0;
  int64_t t = 1;           // number of the step, from 1
  int64_t batch_size = 1;  // B
  uint64_t seed = 0;       // of a bfloat16 table's rounding
};

// Moves one table along the gradient of the rows that a step touched, by one of the rules of
// esmm/ops/update_rule.h.
class EmbeddingOptimizer {
 public:
  // table: [V, D], kept by reference to its storage.
  EmbeddingOptimizer(const TableOptimizerConfig& config, const torch::Tensor& table);

  void step(const ops::TableGradient& gradient, const EmbeddingStep& step) {
    set(step);
    apply(gradient);
  }
  // The same in two parts, as TowerOptimizer's.
  void set(const EmbeddingStep& step);
  void apply(const ops::TableGradient& gradient);
  // What a resumed run needs, by name; values are changed in place by step().
  NamedTensors state() const { return {state_.begin(), state_.end()}; }

 private:
  ops::UpdateRule rule_;
  ops::UpdateOptions options_;
  torch::Tensor options_there_;  // on a GPU; undefined on the CPU
  torch::Tensor table_;
  ops::TableState state_;
};

}  // namespace esmm::train
