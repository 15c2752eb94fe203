#include <catch2/catch.hpp>

#include "esmm/model/method.h"
#include "tests/model/model_cases.h"

// What tells the methods apart, on logits given by hand. Their values are tested in golden_test.cc.
namespace esmm {
namespace {

using torch::Tensor;

std::shared_ptr<Method> method(const std::string& name, const SamplingConfig& sampling = {},
                               double floor = 0.02) {
  ModelConfig config = test::small_config(name);
  config.sampling = sampling;
  config.propensity_floor = floor;
  return make_method(config, test::shape_of(2, 8), 1);
}

// Rows of one label each, all of logit 0 but for the CTR's.
double cvr_term(const Method& model, const std::vector<float>& click, const std::vector<float>& conversion,
                float ctr_logit = 0, float cvr_logit = 0) {
  const auto rows = static_cast<int64_t>(click.size());
  TensorBatch batch{
      .size = rows, .bags = {}, .click = torch::tensor(click), .conversion = torch::tensor(conversion)};
  const Outputs outputs{
      .ctr = torch::full({rows}, ctr_logit), .cvr = torch::full({rows}, cvr_logit), .extras = {}};
  return test::term(model.loss(outputs, batch), "cvr").item<double>();
}

const double kLowLogit = std::log(0.25);                              // p = 0.2
const double kIfConverted = -std::log(0.2), kIfNot = -std::log(0.8);  // its two losses

TEST_CASE("oversampling counts a conversion as often as it is told") {
  const auto model = method("oversampling", {.copies = 3});
  CHECK(cvr_term(*model, {1, 1, 0}, {1, 0, 0}, 0, static_cast<float>(kLowLogit)) ==
        Approx((3 * kIfConverted + kIfNot) / 4));
}

TEST_CASE("aman counts unclicked impressions as no conversion, all or none at the ends of its share") {
  const auto all = method("aman", {.unclicked = 1}), none = method("aman", {.unclicked = 0});
  const auto logit = static_cast<float>(kLowLogit);
  CHECK(cvr_term(*all, {1, 0, 0}, {1, 0, 0}, 0, logit) == Approx((kIfConverted + 2 * kIfNot) / 3));
  CHECK(cvr_term(*none, {1, 0, 0}, {1, 0, 0}, 0, logit) == Approx(kIfConverted));
}

TEST_CASE("aman draws its share") {
  const auto model = method("aman", {.unclicked = 0.3});
  std::vector<float> click(20000, 0.f);
  click[0] = 1;
  torch::manual_seed(1);
  // One conversion in 1 + n rows, all of p = 1/2 but weighed by how many were drawn: take labels apart by
  // logit.
  const double mean = cvr_term(*model, click, click, 0, static_cast<float>(kLowLogit));
  const double drawn = (kIfConverted - kIfNot) / (mean - kIfNot) - 1;  // mean = kIfNot + gap / (1 + drawn)
  CHECK(drawn == Approx(6000).margin(4 * 65));                         // 4 standard deviations
}

TEST_CASE("unbias keeps what is clicked rarely and rejects in proportion to pCTR") {
  const auto model = method("unbias", {}, /*floor=*/0.1);
  std::vector<float> click(20001, 1.f), conversion(20001, 0.f);
  const auto kept = [&](float ctr_logit) {  // of 20,000: a conversion among them tells how many
    torch::manual_seed(2);
    Outputs outputs{.ctr = torch::full({20001}, ctr_logit),
                    .cvr = torch::full({20001}, static_cast<float>(kLowLogit)),
                    .extras = {}};
    outputs.ctr[0] = -20.f;  // is always kept
    conversion[0] = 1;
    const TensorBatch batch{
        .size = 20001, .bags = {}, .click = torch::tensor(click), .conversion = torch::tensor(conversion)};
    const double mean = test::term(model->loss(outputs, batch), "cvr").item<double>();
    return (kIfConverted - kIfNot) / (mean - kIfNot) - 1;
  };
  CHECK(kept(static_cast<float>(std::log(1.0 / 19))) == Approx(20000));           // pCTR 0.05 < floor
  CHECK(kept(0.f) == Approx(4000).margin(4 * 57));                                // 0.1 / 0.5
  CHECK(kept(static_cast<float>(std::log(4.0))) == Approx(2500).margin(4 * 47));  // 0.1 / 0.8
}

TEST_CASE("division's pCVR is the ratio of its two networks, at most 1") {
  const auto model = method("division");
  const Tensor ctr = torch::tensor({0.0, std::log(0.25), 30.0, -300.0}, torch::kDouble);    // 0.5, 0.2, 1
  const Tensor ctcvr = torch::tensor({std::log(0.25), 0.0, -3.0, -301.0}, torch::kDouble);  // 0.2, 0.5
  const Probabilities p = model->probabilities({.ctr = ctr, .cvr = ctcvr, .extras = {}});
  CHECK(p.cvr[0].item<double>() == Approx(0.4));
  CHECK(p.ctcvr[0].item<double>() == Approx(0.2));
  CHECK(p.cvr[1].item<double>() == 1.0);  // the ratio is 2.5
  CHECK(p.ctcvr[1].item<double>() == Approx(0.2));
  CHECK(p.cvr[2].item<double>() == Approx(1 / (1 + std::exp(3.0))));
  CHECK(p.cvr[3].item<double>() == Approx(std::exp(-1.0)));  // both far below the smallest float
}

TEST_CASE("escm2's propensities pull no click logit and are bounded by the floor") {
  for (const char* name : {"escm2_ips", "escm2_dr", "dcmt"}) {
    const auto model = method(name, {}, /*floor=*/0.1);
    const auto gradient_of_cvr_term = [&](double ctr_logit) {
      const Tensor ctr = torch::full({2}, ctr_logit, torch::kDouble).requires_grad_();
      Tensor cvr = torch::zeros({2}, torch::kDouble).requires_grad_();
      const Tensor other = torch::zeros({2}, torch::kDouble).requires_grad_();
      const Outputs outputs{
          .ctr = ctr, .cvr = cvr, .extras = {{"imputation", other}, {"counterfactual", other}}};
      const TensorBatch batch{
          .size = 2, .bags = {}, .click = torch::tensor({1.f, 0.f}), .conversion = torch::tensor({1.f, 0.f})};
      test::term(model->loss(outputs, batch), "cvr").backward();
      CHECK_FALSE(ctr.grad().defined());
      return cvr.grad()[0].item<double>();
    };
    INFO(name);
    CHECK(gradient_of_cvr_term(-30) == Approx(gradient_of_cvr_term(-10)));  // both at the floor
    CHECK(std::isfinite(gradient_of_cvr_term(-1000)));
  }
}

TEST_CASE("escm2_ips weighs a click by the inverse of its propensity") {
  const auto model = method("escm2_ips");
  CHECK(cvr_term(*model, {1, 0}, {1, 0}, static_cast<float>(kLowLogit), 0) ==
        Approx(std::log(2.0) / 0.2 / 2));
}

}  // namespace
}  // namespace esmm
