#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "esmm/config/train_config.h"
#include "esmm/model/method.h"
#include "esmm/train/embedding_optimizer.h"
#include "esmm/train/files/tensor_file.h"
#include "esmm/train/graph_steps.h"
#include "esmm/train/tower_optimizer.h"

namespace esmm::train {

// All that a model has learnt: "table.<n>" in the order of Method::tables(), "tower.<parameter>", and the
// running means of batch normalisation, "buffer.<buffer>".
NamedTensors model_tensors(const Method& model);

// A model with its optimisers: all that a step of training changes.
class Learner {
 public:
  // The model is already on its device. seed: of what is drawn in a step (dropout).
  Learner(std::shared_ptr<Method> model, const TrainConfig& config);
  Learner(const Learner&) = delete;
  Learner& operator=(const Learner&) = delete;

  // One step: forward, backward, update. step: from 0; factor: of both learning rates. Returns the loss
  // terms, detached. The same model, optimiser state, batch and step give the same bits.
  // On a GPU they hold until the next step.
  LossTerms step(const TensorBatch& batch, int64_t step, double factor);

  // Parameters and optimiser states by name: what a checkpoint holds.
  NamedTensors tensors() const;

  Method& model() { return *model_; }

 private:
  LossTerms run(const TensorBatch& batch);

  std::shared_ptr<Method> model_;
  TrainConfig config_;
  std::vector<SharedEmbedding> tables_;
  std::vector<EmbeddingOptimizer> table_optimizers_;
  TowerOptimizer tower_optimizer_;
  std::optional<GraphSteps> graph_;  // none: each step runs as it is
};

}  // namespace esmm::train
