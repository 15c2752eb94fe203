#include "esmm/model/method.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "tests/model/model_cases.h"

namespace esmm {
namespace {

std::shared_ptr<Method> small_model(const std::string& method, uint64_t seed = 1) {
  return make_method(test::small_config(method), test::shape_of(2, 8), seed);
}

bool any_gradient(const Method& model, const std::string& prefix) {
  bool any = false;
  for (const auto& [name, parameter] : model.tower_parameters()) {
    if (name.rfind(prefix, 0) == 0 && parameter.grad().defined())
      any |= parameter.grad().abs().max().item<float>() > 0;
  }
  return any;
}

TEST_CASE("the methods of the project") { CHECK(method_names() == std::vector<std::string>{"esmm", "base"}); }

TEST_CASE("an unknown method is a config error that names the nearest") {
  ModelConfig config = test::small_config("esm");
  CHECK_THROWS_AS(make_method(config, test::shape_of(2, 8), 1), ConfigError);
  CHECK_THROWS_WITH(make_method(config, test::shape_of(2, 8), 1),
                    Catch::Matchers::Contains("one of esmm, base, got \"esm\"") &&
                        Catch::Matchers::Contains("did you mean \"esmm\"?"));
}

TEST_CASE("esmm has one table, base one for each task") {
  CHECK(small_model("esmm")->tables().size() == 1);
  const auto base = small_model("base");
  REQUIRE(base->tables().size() == 2);
  CHECK_FALSE(base->tables()[0]->table().is_same(base->tables()[1]->table()));
  CHECK(base->ctr_head().embedding->table().is_same(base->tables()[0]->table()));
  CHECK(base->cvr_head().embedding->table().is_same(base->tables()[1]->table()));
}

TEST_CASE("the towers' parameters are all parameters but the tables") {
  for (const std::string& name : method_names()) {
    const auto model = small_model(name);
    CHECK(model->tower_parameters().size() == 12);  // two towers of three layers
    CHECK(model->tower_parameters().front().first == "ctr_tower.hidden_0.weight");
    CHECK(model->tower_parameters().size() + model->tables().size() == model->parameters().size());
  }
}

TEST_CASE("heads give the logits of forward, and probabilities multiply") {
  for (const std::string& name : method_names()) {
    const auto model = small_model(name);
    const TensorBatch batch = test::small_batch();
    const Outputs outputs = model->forward(batch);
    Head ctr = model->ctr_head(), cvr = model->cvr_head();
    CHECK(torch::equal(ctr.tower(ctr.embedding(batch)), outputs.ctr));
    CHECK(torch::equal(cvr.tower(cvr.embedding(batch)), outputs.cvr));
    const Probabilities p = model->probabilities(outputs);
    CHECK(torch::allclose(p.ctr, torch::sigmoid(outputs.ctr)));
    CHECK(torch::allclose(p.ctcvr, p.ctr * p.cvr));
  }
}

TEST_CASE("esmm's CVR tower gets its gradient through CTCVR alone") {
  const auto model = small_model("esmm");
  const TensorBatch batch = test::small_batch();
  test::term(model->loss(model->forward(batch), batch), "ctr").backward();
  CHECK(any_gradient(*model, "ctr_tower"));
  CHECK_FALSE(any_gradient(*model, "cvr_tower"));

  model->zero_grad();
  model->tables()[0]->take_gradient();
  test::term(model->loss(model->forward(batch), batch), "ctcvr").backward();
  CHECK(any_gradient(*model, "cvr_tower"));
}

TEST_CASE("esmm's CVR tower learns from impressions without a click, base's does not") {
  for (const std::string& name : method_names()) {
    const auto model = small_model(name);
    TensorBatch batch = test::small_batch();
    batch.click.zero_();
    batch.conversion.zero_();
    test::total(model->loss(model->forward(batch), batch)).backward();
    CHECK(any_gradient(*model, "cvr_tower") == (name == "esmm"));
  }
}

TEST_CASE("no table ever has a dense gradient") {
  for (const std::string& name : method_names()) {
    const auto model = small_model(name);
    const TensorBatch batch = test::small_batch();
    test::total(model->loss(model->forward(batch), batch)).backward();
    for (const SharedEmbedding& table : model->tables()) {
      CHECK_FALSE(table->table().grad().defined());
      CHECK_NOTHROW(SharedEmbedding(table)->take_gradient());
    }
  }
}

TEST_CASE("initial values depend on the seed alone") {
  for (const std::string& name : method_names()) {
    torch::manual_seed(1);
    const auto first = small_model(name, 7);
    torch::manual_seed(2);
    const auto again = small_model(name, 7), other = small_model(name, 8);
    for (const auto& parameter : first->named_parameters()) {
      INFO(parameter.key());
      CHECK(torch::equal(parameter.value(), *again->named_parameters().find(parameter.key())));
      if (parameter.key().find("bias") == std::string::npos) {
        CHECK_FALSE(torch::equal(parameter.value(), *other->named_parameters().find(parameter.key())));
      }
    }
  }
}

TEST_CASE("base's two networks do not start alike") {
  const auto model = small_model("base");
  CHECK_FALSE(torch::equal(model->tables()[0]->table(), model->tables()[1]->table()));
}

TEST_CASE("towers can start at the base rates' log-odds") {
  ModelConfig config = test::small_config("esmm");
  config.output_bias = OutputBias::base_rate;
  ModelShape shape = test::shape_of(2, 8);
  shape.base_ctr = 0.2;
  shape.base_cvr = 0.75;
  const auto model = make_method(config, shape, 1);
  CHECK(model->ctr_head().tower->layers().back()->bias.item<float>() == Approx(std::log(0.25)));
  CHECK(model->cvr_head().tower->layers().back()->bias.item<float>() == Approx(std::log(3.0)));
  shape.base_cvr = 0;
  CHECK_THROWS_WITH(make_method(config, shape, 1),
                    Catch::Matchers::Contains("set model.output_bias to zero"));
}

}  // namespace
}  // namespace esmm
