#include "esmm/train/embedding_optimizer.h"

#include "esmm/core/error.h"

namespace esmm::train {
namespace {

ops::UpdateRule rule_of(TableOptimizer name) {
  switch (name) {
    case TableOptimizer::adam:
      return ops::UpdateRule::adam;
    case TableOptimizer::lazy_adam:
      return ops::UpdateRule::lazy_adam;
    case TableOptimizer::rowwise_adagrad:
      return ops::UpdateRule::rowwise_adagrad;
    case TableOptimizer::adagrad:
      return ops::UpdateRule::adagrad;
    case TableOptimizer::sgd:
      return ops::UpdateRule::sgd;
  }
  throw InternalError("unknown table optimiser");
}

}  // namespace

EmbeddingOptimizer::EmbeddingOptimizer(const TableOptimizerConfig& config, const torch::Tensor& table)
    : config_(config),
      rule_(rule_of(config.name)),
      table_(table.detach()),
      state_(ops::initial_state(rule_, table_)) {}

void EmbeddingOptimizer::step(const ops::TableGradient& gradient, const EmbeddingStep& step) {
  ops::update_table(rule_, table_, state_, gradient,
                    {.learning_rate = step.learning_rate,
                     .beta1 = config_.beta1,
                     .beta2 = config_.beta2,
                     .epsilon = config_.epsilon,
                     .l2 = config_.l2,
                     .batch_size = step.batch_size,
                     .step = step.t,
                     .seed = step.seed});
}

}  // namespace esmm::train
