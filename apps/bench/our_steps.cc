#include "apps/bench/our_steps.h"

#include <functional>
#include <memory>
#include <vector>

#include "esmm/ops/matrix_product.h"
#include "esmm/train/graph_steps.h"
#include "esmm/train/learner.h"

namespace esmm::bench {
namespace {

std::shared_ptr<Method> make_model(const TrainCase& of, int64_t table_rows) {
  ModelConfig model;
  model.dimension = of.sizes.dimension;
  model.layers = of.sizes.layers;
  std::shared_ptr<Method> made =
      make_method(model, {.table_rows = table_rows, .schema = bench_schema()}, /*seed=*/1);
  made->to(of.device);
  return made;
}

// Of the batches only the labels: all that towers look at.
std::vector<TensorBatch> labels_of(const std::vector<TensorBatch>& batches) {
  std::vector<TensorBatch> labels = batches;
  for (TensorBatch& batch : labels) {
    batch.bags = {.rows = torch::empty({0}, batch.bags.rows.options()),
                  .offsets = torch::zeros({batch.size + 1}, batch.bags.offsets.options()),
                  .weights = {},
                  .fields = 1,
                  .checked_rows = 1};
    batch.users.reset();
  }
  return labels;
}

// run(batch) on the labels of the case's batches: on a GPU as a captured graph where train::Learner's steps
// are one. set(t), before each: what changes from step to step.
Step on_labels(const TrainCase& of, bool cuda_graph, const std::function<void(int64_t)>& set,
               const train::GraphSteps::Run& run) {
  train::GraphSteps::Run step = run;
  if (of.device.is_cuda() && cuda_graph) {
    auto graph = std::make_shared<train::GraphSteps>(run, train::capture_on(of.device));
    step = [graph](const TensorBatch& batch) { return (*graph)(batch); };
  }
  return [set, step, labels = labels_of(of.batches), t = int64_t{0}](size_t place) mutable {
    set(++t);
    step(labels[place]);
  };
}

}  // namespace

Step full_step(const TrainCase& of, const std::vector<TensorBatch>& batches, const TrainConfig& config) {
  auto learner = std::make_shared<train::Learner>(make_model(of, of.shape.table_rows), config);
  return [&batches, learner, step = int64_t{0}](size_t place) mutable {
    learner->step(batches[place], step++, /*factor=*/1.0);
  };
}

Step towers_step(const TrainCase& of, const TrainConfig& config) {
  const std::shared_ptr<Method> model = make_model(of, /*table_rows=*/1);
  auto optimizer = std::make_shared<train::TowerOptimizer>(model->tower_parameters(), config.towers);
  const torch::Tensor x =
      torch::randn({of.shape.size, of.sizes.inputs()}, torch::TensorOptions(of.device).requires_grad(true));
  const auto type = config.precision == Precision::bf16 ? torch::kBFloat16 : torch::kFloat;
  const auto set = [optimizer, rate = config.towers.learning_rate](int64_t t) { optimizer->set(rate, t); };
  return on_labels(of, config.cuda_graph, set, [model, optimizer, x, type](const TensorBatch& batch) {
    x.mutable_grad().reset();
    const Embedded embedded{.rows = x.to(type)};
    const auto logits = logits_of({model->ctr_head().tower, model->cvr_head().tower}, embedded, batch);
    LossTerms terms = model->loss({.ctr = logits[0], .cvr = logits[1], .extras = {}}, batch);
    (terms[0].second + terms[1].second).backward();
    optimizer->apply();
    for (auto& [name, term] : terms) term = term.detach();
    return terms;
  });
}

Step products_step(const TrainCase& of, const TrainConfig& config) {
  struct Layer {
    torch::Tensor x, weight, grad;  // [B, K], [M, K], [B, M]
  };
  const auto options = torch::TensorOptions(of.device).dtype(
      config.precision == Precision::bf16 ? torch::kBFloat16 : torch::kFloat);
  constexpr int64_t kTowers = 2;
  std::vector<Layer> layers;
  const auto add = [&](int64_t inputs, int64_t units) {
    layers.push_back({.x = torch::randn({of.shape.size, inputs}, options),
                      .weight = torch::randn({units, inputs}, options),
                      .grad = torch::randn({of.shape.size, units}, options)});
  };
  int64_t inputs = of.sizes.inputs();
  bool as_one =
      ops::products_take_columns(torch::empty({0}, options));  // the first layers, as logits_of() has it
  for (const int64_t units : of.sizes.layers) {
    for (int64_t tower = 0; tower < (as_one ? 1 : kTowers); ++tower)
      add(inputs, as_one ? kTowers * units : units);
    inputs = units;
    as_one = false;
  }
  return on_labels(
      of, config.cuda_graph, [](int64_t) {},
      [layers](const TensorBatch&) {
        const torch::NoGradGuard no_grad;
        for (const Layer& layer : layers) {
          ops::product(layer.x, layer.weight);
          ops::product(layer.grad, layer.weight.t());
          ops::product(layer.grad.t(), layer.x.t());
        }
        return LossTerms{};
      });
}

}  // namespace esmm::bench
