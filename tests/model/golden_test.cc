#include <torch/optim/adam.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>

#include "esmm/model/method.h"
#include "esmm/ops/reference.h"
#include "esmm/ops/table_updates.h"
#include "tests/model/model_cases.h"

// Values of golden/make_golden.py: plain PyTorch in float64.
namespace esmm {
namespace {

using nlohmann::json;
using torch::Tensor;

const json& golden_methods() {
  static const json values = [] {
    std::ifstream file(ESMM_SOURCE_DIR "/tests/model/golden/methods.json");
    REQUIRE(file);
    return json::parse(file);
  }();
  return values;
}

// A list, or a list of lists of one length.
Tensor tensor_of(const json& values, torch::ScalarType type = torch::kDouble) {
  if (!values.empty() && values[0].is_array()) {
    std::vector<Tensor> rows;
    for (const json& row : values) rows.push_back(tensor_of(row, type));
    return torch::stack(rows);
  }
  return torch::tensor(values.get<std::vector<double>>(), torch::kDouble).to(type);
}

bool near(const Tensor& got, const Tensor& expected) {
  return got.sizes() == expected.sizes() && torch::allclose(got, expected, 1e-9, 1e-11);
}

TensorBatch batch_of(const json& values) {
  return {.size = golden_methods()["shape"]["B"],
          .bags = {.rows = tensor_of(values["rows"], torch::kInt),
                   .offsets = tensor_of(values["offsets"], torch::kLong),
                   .weights = tensor_of(values["weights"], torch::kFloat),
                   .fields = golden_methods()["shape"]["F"]},
          .click = tensor_of(values["click"], torch::kFloat),
          .conversion = tensor_of(values["conversion"], torch::kFloat)};
}

// In float64, with the script's initial values.
std::shared_ptr<Method> model_of(const std::string& method) {
  const json& shape = golden_methods()["shape"];
  ModelConfig config;
  config.method = method;
  config.dimension = shape["D"];
  config.layers = shape["layers"].get<std::vector<int64_t>>();
  const json& options = golden_methods()["options"];
  config.sampling = {.unclicked = options["unclicked"], .copies = options["copies"]};
  config.propensity_floor = options["propensity_floor"];
  config.counterfactual_weight = options["counterfactual_weight"];
  auto model = make_method(config, test::shape_of(shape["F"], shape["V"]), 1);
  model->to(torch::kDouble);
  const json& initial = golden_methods()[method]["initial"];
  REQUIRE(initial.size() == model->named_parameters().size());
  const torch::NoGradGuard no_grad;
  for (auto& parameter : model->named_parameters())
    parameter.value().copy_(tensor_of(initial[parameter.key()]));
  return model;
}

TEST_CASE("outputs, loss terms and gradients are those of PyTorch") {
  for (const std::string& method : method_names()) {
    INFO(method);
    const json& expected = golden_methods()[method];
    const auto model = model_of(method);
    const TensorBatch batch = batch_of(golden_methods()["batches"][0]);
    const Outputs outputs = model->forward(batch);
    CHECK(near(outputs.ctr, tensor_of(expected["ctr"])));
    CHECK(near(outputs.cvr, tensor_of(expected["cvr"])));

    torch::manual_seed(0);
    const LossTerms terms = model->loss(outputs, batch);
    REQUIRE(terms.size() == expected["terms"].size());
    for (const auto& [name, value] : terms)
      CHECK(value.item<double>() == Approx(expected["terms"][name].get<double>()));
    test::total(terms).backward();
    for (const auto& [name, parameter] : model->tower_parameters()) {
      INFO(name);
      CHECK(near(parameter.grad(), tensor_of(expected["gradients"][name])));
    }
    for (const auto& module : model->named_modules()) {
      auto table = std::dynamic_pointer_cast<SharedEmbeddingImpl>(module.value());
      if (!table) continue;
      const Tensor dense = ops::reference::full_gradient(table->take_gradient(), table->options().rows,
                                                         table->options().dimension);
      CHECK(near(dense, tensor_of(expected["gradients"][module.key() + ".table"])));
    }
  }
}

TEST_CASE("ten steps of Adam end where PyTorch ends") {
  const double learning_rate = golden_methods()["shape"]["learning_rate"];
  for (const std::string& method : method_names()) {
    INFO(method);
    const json& expected = golden_methods()[method];
    const auto model = model_of(method);
    std::vector<Tensor> towers;
    for (const auto& [name, parameter] : model->tower_parameters()) towers.push_back(parameter);
    torch::optim::Adam optimizer(towers, torch::optim::AdamOptions(learning_rate));
    auto tables = model->tables();
    std::vector<ops::TableState> states;
    for (auto& table : tables) states.push_back(ops::initial_state(ops::UpdateRule::adam, table->table()));
    for (size_t step = 1; step <= 10; ++step) {
      const TensorBatch batch = batch_of(golden_methods()["batches"][(step - 1) % 3]);
      optimizer.zero_grad();
      const Outputs outputs = model->forward(batch);
      torch::manual_seed(step - 1);
      const Tensor loss = test::total(model->loss(outputs, batch));
      CHECK(loss.item<double>() == Approx(expected["losses"][step - 1].get<double>()).epsilon(1e-9));
      loss.backward();
      optimizer.step();
      for (size_t k = 0; k < tables.size(); ++k) {
        ops::update_table(ops::UpdateRule::adam, tables[k]->table(), states[k], tables[k]->take_gradient(),
                          {.learning_rate = learning_rate, .step = static_cast<int64_t>(step)});
      }
    }
    for (const auto& parameter : model->named_parameters()) {
      INFO(parameter.key());
      CHECK(near(parameter.value().detach(), tensor_of(expected["trained"][parameter.key()])));
    }
  }
}

}  // namespace
}  // namespace esmm
