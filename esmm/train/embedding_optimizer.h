#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "esmm/config/train_config.h"
#include "esmm/ops/bags.h"
#include "esmm/train/tensor_file.h"

namespace esmm::train {

// What an embedding table's optimiser is told of a step.
struct EmbeddingStep {
  double learning_rate = 0;
  int64_t t = 1;           // number of the step, from 1
  int64_t batch_size = 1;  // B
};

// Moves one table along the gradients of the rows that a step touched. A new rule: a class in
// embedding_optimizer.cc, its name in TableOptimizer (esmm/config/train_config.h) and its line in
// make_embedding_optimizer.
class EmbeddingOptimizer {
 public:
  virtual ~EmbeddingOptimizer() = default;
  virtual void step(const ops::RowGradient& gradient, const EmbeddingStep& step) = 0;
  // What a resumed run needs, by name; values are changed in place by step().
  virtual NamedTensors state() const = 0;
};

// table: [V, D], kept by reference to its storage.
std::unique_ptr<EmbeddingOptimizer> make_embedding_optimizer(const TableOptimizerConfig& config,
                                                             const torch::Tensor& table);

}  // namespace esmm::train
