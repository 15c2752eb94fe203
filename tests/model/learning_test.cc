#include <torch/optim/adam.h>

#include <catch2/catch.hpp>

#include "esmm/model/method.h"
#include "esmm/ops/table_updates.h"
#include "tests/model/model_cases.h"

namespace esmm {
namespace {

// Losses of `steps` steps on one batch.
std::vector<float> train(const std::string& method, const TensorBatch& batch, int64_t rows, int steps) {
  auto model = make_method(test::small_config(method), test::shape_of(2, rows), 3);
  std::vector<torch::Tensor> towers;
  for (const auto& [name, parameter] : model->tower_parameters()) towers.push_back(parameter);
  torch::optim::Adam optimizer(towers, torch::optim::AdamOptions(0.02));
  auto tables = model->tables();
  std::vector<ops::TableState> states;
  for (const auto& table : tables)
    states.push_back(ops::initial_state(ops::UpdateRule::rowwise_adagrad, table->table()));
  std::vector<float> losses;
  for (int step = 0; step < steps; ++step) {
    optimizer.zero_grad();
    torch::manual_seed(static_cast<uint64_t>(step));  // for the methods that draw
    const torch::Tensor loss = test::total(model->loss(model->forward(batch), batch));
    losses.push_back(loss.item<float>());
    loss.backward();
    optimizer.step();
    for (size_t k = 0; k < tables.size(); ++k) {
      ops::update_table(ops::UpdateRule::rowwise_adagrad, tables[k]->table(), states[k],
                        tables[k]->take_gradient(), {.learning_rate = 0.1});
    }
  }
  return losses;
}

TEST_CASE("a tiny set is overfitted") {
  for (const std::string& method : method_names()) {
    const std::vector<float> losses = train(method, test::small_batch(), 8, 1000);
    INFO(method << ": " << losses.front() << " to " << losses.back());
    CHECK(losses.front() > 0.7f);
    CHECK(losses.back() < 0.02f);
  }
}

TEST_CASE("the same seed gives the same losses, bit for bit") {
  for (const std::string& method : method_names()) {
    CHECK(train(method, test::small_batch(), 8, 20) == train(method, test::small_batch(), 8, 20));
  }
}

}  // namespace
}  // namespace esmm
