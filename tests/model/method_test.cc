#include "esmm/model/method.h"

#include <catch2/catch.hpp>

#include <set>

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

TEST_CASE("the methods of the project") {
  CHECK(method_names() == std::vector<std::string>{"esmm", "esmm_ns", "base", "aman", "oversampling",
                                                   "unbias", "division", "escm2_ips", "escm2_dr", "dcmt"});
}

TEST_CASE("an unknown method is a config error that names the nearest") {
  ModelConfig config = test::small_config("esm");
  CHECK_THROWS_AS(make_method(config, test::shape_of(2, 8), 1), ConfigError);
  CHECK_THROWS_WITH(
      make_method(config, test::shape_of(2, 8), 1),
      Catch::Matchers::Contains("dcmt, got \"esm\"") && Catch::Matchers::Contains("did you mean \"esmm\"?"));
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
    const bool third_tower = name == "escm2_dr" || name == "dcmt";
    CHECK(model->tower_parameters().size() == (third_tower ? 18 : 12));  // towers of three layers
    CHECK(model->tower_parameters().front().first == "ctr_tower.hidden_0.weight");
    CHECK(model->tower_parameters().size() + model->tables().size() == model->parameters().size());
  }
}

TEST_CASE("heads give the logits of forward, and probabilities multiply") {
  for (const std::string& name : method_names()) {
    const auto model = small_model(name);
    const TensorBatch batch = test::small_batch();
    const Outputs outputs = model->forward(batch);
    CHECK(torch::equal(model->ctr_head().logit(batch), outputs.ctr));
    CHECK(torch::equal(model->cvr_head().logit(batch), outputs.cvr));
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

TEST_CASE("who learns CVR from impressions without a click") {
  const std::set<std::string> from_clicks_alone{"base", "oversampling", "unbias"};
  for (const std::string& name : method_names()) {
    ModelConfig config = test::small_config(name);
    config.sampling.unclicked = 1;  // aman draws them all
    const auto model = make_method(config, test::shape_of(2, 8), 1);
    TensorBatch batch = test::small_batch();
    batch.click.zero_();
    batch.conversion.zero_();
    test::total(model->loss(model->forward(batch), batch)).backward();
    INFO(name);
    CHECK(any_gradient(*model, "cvr_tower") == !from_clicks_alone.contains(name));
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

TEST_CASE("loss terms are multiplied by their factors") {
  ModelConfig config = test::small_config("escm2_ips");
  const auto plain = make_method(config, test::shape_of(2, 8), 1);
  config.loss_weights = {.ctr = 2, .cvr = 0.5, .ctcvr = 0};
  const auto weighted = make_method(config, test::shape_of(2, 8), 1);
  const TensorBatch batch = test::small_batch();
  const LossTerms before = plain->loss(plain->forward(batch), batch),
                  after = weighted->loss(weighted->forward(batch), batch);
  for (const auto& [name, factor] : {std::pair("ctr", 2.0), std::pair("cvr", 0.5), std::pair("ctcvr", 0.0)})
    CHECK(test::term(after, name).item<double>() == Approx(factor * test::term(before, name).item<double>()));
}

TEST_CASE("a row of sample weight 0 might as well not be there") {
  for (const std::string& name : method_names()) {
    const auto model = small_model(name);
    TensorBatch batch = test::small_batch();
    batch.click_weight = torch::tensor({1.f, 2.f, 0.f, 1.f});
    batch.conversion_weight = torch::tensor({3.f, 2.f, 0.f, 1.f});
    const auto loss = [&](const TensorBatch& of) {
      torch::manual_seed(3);
      return test::total(model->loss(model->forward(of), of)).item<double>();
    };
    const double before = loss(batch);
    batch.click[2] = 1 - batch.click[2];
    batch.conversion[2] = 1 - batch.conversion[2];
    INFO(name);
    CHECK(loss(batch) == Approx(before));
  }
}

TEST_CASE("the CVR tower can have layers of its own") {
  ModelConfig config = test::small_config("esmm");
  config.cvr_layers = std::vector<int64_t>{3};
  const auto model = make_method(config, test::shape_of(2, 8), 1);
  CHECK(model->ctr_head().tower->hidden().size() == 2);
  CHECK(model->cvr_head().tower->hidden().size() == 1);
}

TEST_CASE("wide terms are tables, one for each tower") {
  ModelConfig config = test::small_config("esmm");
  config.wide = true;
  const auto model = make_method(config, test::shape_of(2, 8), 1);
  REQUIRE(model->tables().size() == 3);
  CHECK(model->tables()[1]->table().sizes() == torch::IntArrayRef{8, 1});
  CHECK(model->tower_parameters().size() == 12);
}

TEST_CASE("towers can start at the base rates' log-odds") {
  ModelConfig config = test::small_config("esmm");
  config.output_bias = OutputBias::base_rate;
  ModelShape shape = test::shape_of(2, 8);
  shape.base_ctr = 0.2;
  shape.base_cvr = 0.75;
  const auto model = make_method(config, shape, 1);
  CHECK(model->ctr_head().tower->output()->bias.item<float>() == Approx(std::log(0.25)));
  CHECK(model->cvr_head().tower->output()->bias.item<float>() == Approx(std::log(3.0)));
  shape.base_cvr = 0;
  CHECK_THROWS_WITH(make_method(config, shape, 1),
                    Catch::Matchers::Contains("set model.output_bias to zero"));
}

}  // namespace
}  // namespace esmm
