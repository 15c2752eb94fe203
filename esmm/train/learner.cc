#include "esmm/train/learner.h"

#include <ATen/Context.h>

#include <optional>
#include <string>
#include <utility>

#include "esmm/core/random.h"

namespace esmm::train {
namespace {

constexpr uint64_t kStepStream = 0x73746570;
constexpr uint64_t kRoundingStream = 0x726f756e64;

void add(NamedTensors& all, const std::string& prefix, const NamedTensors& some) {
  for (const auto& [name, tensor] : some) all.emplace(prefix + name, tensor);
}

// While it lives, a GPU's matrix products of floats round what they multiply to TF32.
class Tf32Products {
 public:
  Tf32Products() : before_(at::globalContext().allowTF32CuBLAS()) {
    at::globalContext().setAllowTF32CuBLAS(true);
  }
  ~Tf32Products() { at::globalContext().setAllowTF32CuBLAS(before_); }
  Tf32Products(const Tf32Products&) = delete;
  Tf32Products& operator=(const Tf32Products&) = delete;

 private:
  bool before_;
};

torch::Tensor total(const LossTerms& terms) {
  torch::Tensor sum = terms.front().second;
  for (size_t i = 1; i < terms.size(); ++i) sum = sum + terms[i].second;
  return sum;
}

}  // namespace

NamedTensors model_tensors(const Method& model) {
  NamedTensors tensors;
  for (SharedEmbedding table : model.tables()) {
    tensors.emplace("table." + std::to_string(tensors.size()), table->table());
  }
  for (const auto& [name, parameter] : model.tower_parameters()) tensors.emplace("tower." + name, parameter);
  for (const auto& buffer : model.named_buffers()) tensors.emplace("buffer." + buffer.key(), buffer.value());
  return tensors;
}

Learner::Learner(std::shared_ptr<Method> model, const TrainConfig& config)
    : model_(std::move(model)),
      config_(config),
      tables_(model_->tables()),
      tower_optimizer_(model_->tower_parameters(), config.towers) {
  for (SharedEmbedding& table : tables_) table_optimizers_.emplace_back(config.table, table->table());
  model_->set_precision(config.precision);
  model_->train();
  const torch::Device device = tables_.front()->table().device();
  if (device.is_cuda() && config.cuda_graph) {
    graph_.emplace([this](const TensorBatch& batch) { return run(batch); }, capture_on(device));
  }
}

LossTerms Learner::step(const TensorBatch& batch, int64_t step, double factor) {
  // Seeded for each step, so that a resumed run draws what the uninterrupted one would have drawn.
  at::manual_seed(mix_seed(mix_seed(config_.seed, kStepStream), static_cast<uint64_t>(step)));
  tower_optimizer_.set(factor * config_.towers.learning_rate, step + 1);
  for (size_t i = 0; i < tables_.size(); ++i) {
    table_optimizers_[i].set({.learning_rate = factor * config_.table.learning_rate,
                              .t = step + 1,
                              .batch_size = batch.size,
                              .seed = mix_seed(mix_seed(config_.seed, kRoundingStream), i)});
  }
  std::optional<Tf32Products> products;
  if (config_.precision == Precision::tf32) products.emplace();
  return graph_ ? (*graph_)(batch) : run(batch);
}

LossTerms Learner::run(const TensorBatch& batch) {
  LossTerms terms = model_->loss(model_->forward(batch), batch);
  total(terms).backward();
  tower_optimizer_.apply();
  for (size_t i = 0; i < tables_.size(); ++i) table_optimizers_[i].apply(tables_[i]->take_gradient());
  for (auto& [name, term] : terms) term = term.detach();
  return terms;
}

NamedTensors Learner::tensors() const {
  NamedTensors all;
  add(all, "model.", model_tensors(*model_));
  add(all, "tower_optimizer.", tower_optimizer_.state());
  for (size_t i = 0; i < table_optimizers_.size(); ++i) {
    add(all, "table_optimizer." + std::to_string(i) + ".", table_optimizers_[i].state());
  }
  return all;
}

}  // namespace esmm::train
