#include "apps/bench/our_steps.h"

#include <memory>
#include <vector>

#include "esmm/ops/matrix_product.h"
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
  return [&of, model, optimizer, x,
          type = config.precision == Precision::bf16 ? torch::kBFloat16 : torch::kFloat,
          rate = config.towers.learning_rate, t = int64_t{0}](size_t place) mutable {
    const TensorBatch& batch = of.batches[place];
    x.mutable_grad().reset();
    const Embedded embedded{.rows = x.to(type)};
    const LossTerms terms = model->loss({.ctr = model->ctr_head().tower(embedded, batch),
                                         .cvr = model->cvr_head().tower(embedded, batch),
                                         .extras = {}},
                                        batch);
    (terms[0].second + terms[1].second).backward();
    optimizer->step(rate, ++t);
  };
}

Step products_step(const TrainCase& of, torch::Dtype dtype) {
  struct Layer {
    torch::Tensor x, weight, grad;  // [B, K], [M, K], [B, M]
  };
  const auto options = torch::TensorOptions(of.device).dtype(dtype);
  std::vector<Layer> layers;
  for (int tower = 0; tower < 2; ++tower) {
    int64_t inputs = of.sizes.inputs();
    for (const int64_t units : of.sizes.layers) {
      layers.push_back({.x = torch::randn({of.shape.size, inputs}, options),
                        .weight = torch::randn({units, inputs}, options),
                        .grad = torch::randn({of.shape.size, units}, options)});
      inputs = units;
    }
  }
  return [layers](size_t) {
    const torch::NoGradGuard no_grad;
    for (const Layer& layer : layers) {
      ops::product(layer.x, layer.weight);
      ops::product(layer.grad, layer.weight.t());
      ops::product(layer.grad.t(), layer.x.t());
    }
  };
}

}  // namespace esmm::bench
