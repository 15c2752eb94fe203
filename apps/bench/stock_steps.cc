#include "apps/bench/stock_steps.h"

#include <torch/nn/functional/loss.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adagrad.h>
#include <torch/optim/adam.h>

#include <memory>

namespace esmm::bench {
namespace {

namespace nn = torch::nn;
using torch::Tensor;

nn::Sequential make_tower(const NetworkSizes& sizes) {
  nn::Sequential tower;
  int64_t inputs = sizes.inputs();
  for (const int64_t units : sizes.layers) {
    tower->push_back(nn::Linear(inputs, units));
    tower->push_back(nn::ReLU(nn::ReLUOptions(/*inplace=*/true)));
    inputs = units;
  }
  tower->push_back(nn::Linear(inputs, 1));
  return tower;
}

struct Towers {
  explicit Towers(const NetworkSizes& sizes) : ctr(make_tower(sizes)), cvr(make_tower(sizes)) {}

  std::vector<Tensor> parameters() const {
    std::vector<Tensor> all = ctr->parameters();
    for (const Tensor& parameter : cvr->parameters()) all.push_back(parameter);
    return all;
  }

  void to(const torch::Device& device) {
    ctr->to(device);
    cvr->to(device);
  }

  Tensor loss(const Tensor& x, const StockBatch& batch) {
    const Tensor p_ctr = ctr->forward(x).squeeze(1).sigmoid(), p_cvr = cvr->forward(x).squeeze(1).sigmoid();
    return nn::functional::binary_cross_entropy(p_ctr, batch.click) +
           nn::functional::binary_cross_entropy(p_ctr * p_cvr, batch.conversion);
  }

  nn::Sequential ctr, cvr;
};

struct Model {
  Model(const TrainCase& of, bool sparse)
      : table(nn::EmbeddingBagOptions(of.shape.table_rows, of.sizes.dimension)
                  .mode(torch::kSum)
                  .sparse(sparse)),
        towers(of.sizes) {
    table->to(of.device);
    towers.to(of.device);
    std::vector<Tensor> parameters = towers.parameters();
    if (sparse) {
      optimizers.push_back(std::make_unique<torch::optim::Adagrad>(table->parameters()));
    } else {
      parameters.push_back(table->weight);
    }
    optimizers.push_back(std::make_unique<torch::optim::Adam>(parameters));
  }

  void step(const StockBatch& batch) {
    for (const auto& optimizer : optimizers) optimizer->zero_grad();
    const Tensor x = table->forward(batch.ids, batch.offsets).view({batch.click.size(0), -1});
    towers.loss(x, batch).backward();
    for (const auto& optimizer : optimizers) optimizer->step();
  }

  nn::EmbeddingBag table;
  Towers towers;
  std::vector<std::unique_ptr<torch::optim::Optimizer>> optimizers;
};

Step full_step(const TrainCase& of, bool sparse) {
  return [&of, model = std::make_shared<Model>(of, sparse)](size_t place) {
    model->step(of.stock_batches[place]);
  };
}

}  // namespace

Step stock_dense_adam(const TrainCase& of) { return full_step(of, /*sparse=*/false); }

Step stock_sparse_adagrad(const TrainCase& of) { return full_step(of, /*sparse=*/true); }

Step stock_towers(const TrainCase& of) {
  auto towers = std::make_shared<Towers>(of.sizes);
  towers->to(of.device);
  auto adam = std::make_shared<torch::optim::Adam>(towers->parameters());
  Tensor x =
      torch::randn({of.shape.size, of.sizes.inputs()}, torch::TensorOptions(of.device).requires_grad(true));
  return [&of, towers, adam, x](size_t place) {
    x.mutable_grad().reset();
    adam->zero_grad();
    towers->loss(x, of.stock_batches[place]).backward();
    adam->step();
  };
}

}  // namespace esmm::bench
