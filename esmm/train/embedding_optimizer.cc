#include "esmm/train/embedding_optimizer.h"

#include <utility>

#include "esmm/core/error.h"
#include "esmm/ops/table_updates.h"

namespace esmm::train {
namespace {

class DenseAdam : public EmbeddingOptimizer {
 public:
  DenseAdam(const TableOptimizerConfig& config, torch::Tensor table)
      : config_(config),
        table_(std::move(table)),
        m_(torch::zeros_like(table_)),
        v_(torch::zeros_like(table_)) {}

  void step(const ops::RowGradient& gradient, const EmbeddingStep& step) override {
    ops::adam_dense(table_, m_, v_, gradient, step.t,
                    {.learning_rate = step.learning_rate,
                     .beta1 = config_.beta1,
                     .beta2 = config_.beta2,
                     .epsilon = config_.epsilon},
                    {.strength = config_.l2, .batch_size = step.batch_size});
  }

  NamedTensors state() const override { return {{"m", m_}, {"v", v_}}; }

 private:
  TableOptimizerConfig config_;
  torch::Tensor table_, m_, v_;
};

class RowwiseAdagrad : public EmbeddingOptimizer {
 public:
  RowwiseAdagrad(const TableOptimizerConfig& config, torch::Tensor table)
      : config_(config), table_(std::move(table)), sums_(torch::zeros({table_.size(0)}, table_.options())) {}

  void step(const ops::RowGradient& gradient, const EmbeddingStep& step) override {
    ops::adagrad_rowwise(table_, sums_, gradient, step.learning_rate, config_.epsilon,
                         {.strength = config_.l2, .batch_size = step.batch_size});
  }

  NamedTensors state() const override { return {{"sums", sums_}}; }

 private:
  TableOptimizerConfig config_;
  torch::Tensor table_, sums_;
};

}  // namespace

std::unique_ptr<EmbeddingOptimizer> make_embedding_optimizer(const TableOptimizerConfig& config,
                                                             const torch::Tensor& table) {
  switch (config.name) {
    case TableOptimizer::adam:
      return std::make_unique<DenseAdam>(config, table.detach());
    case TableOptimizer::rowwise_adagrad:
      return std::make_unique<RowwiseAdagrad>(config, table.detach());
  }
  throw InternalError("unknown table optimiser");
}

}  // namespace esmm::train
