#include "esmm/train/embedding_optimizer.h"

#include "esmm/core/error.h"
#include "esmm/ops/cuda/cuda_library.h"

namespace esmm::train {

ops::UpdateRule update_rule(TableOptimizer name) {
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

EmbeddingOptimizer::EmbeddingOptimizer(const TableOptimizerConfig& config, const torch::Tensor& table)
    : rule_(update_rule(config.name)),
      options_{.beta1 = config.beta1, .beta2 = config.beta2, .epsilon = config.epsilon, .l2 = config.l2},
      table_(table.detach()),
      state_(ops::initial_state(rule_, table_)) {
  if (!table_.is_cuda()) return;
  options_there_ = torch::empty({ops::cuda_library().options_bytes}, table_.options().dtype(torch::kByte));
  options_.on_device = options_there_.const_data_ptr();
}

void EmbeddingOptimizer::set(const EmbeddingStep& step) {
  options_.learning_rate = step.learning_rate;
  options_.batch_size = step.batch_size;
  options_.step = step.t;
  options_.seed = step.seed;
  if (options_there_.defined()) ops::cuda_library().put_options(rule_, options_, options_there_);
}

void EmbeddingOptimizer::apply(const ops::TableGradient& gradient) {
  ops::update_table(rule_, table_, state_, gradient, options_);
}

}  // namespace esmm::train
