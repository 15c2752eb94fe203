#include "esmm/model/losses.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <vector>

namespace esmm {
namespace {

using torch::Tensor;

// A loss of one row, and its gradients.
struct OfOneRow {
  double loss;
  std::vector<double> gradients;
};

Tensor scalar_row(double value, torch::ScalarType type) { return torch::full({1}, value, type); }

template <class Loss>
OfOneRow of_one_row(const std::vector<double>& logits, double label, torch::ScalarType type,
                    const Loss& loss) {
  std::vector<Tensor> inputs;
  for (const double logit : logits) inputs.push_back(scalar_row(logit, type).requires_grad_());
  const Tensor value = loss(inputs, scalar_row(label, type));
  CHECK(value.scalar_type() == torch::kDouble);
  value.backward();
  OfOneRow result{value.item<double>(), {}};
  for (const Tensor& input : inputs) {
    CHECK(input.grad().scalar_type() == type);
    result.gradients.push_back(input.grad().item<double>());
  }
  return result;
}

OfOneRow bce(double x, double label, torch::ScalarType type) {
  return of_one_row({x}, label, type,
                    [](const auto& x_of, const Tensor& y) { return mean_loss(bce_rows(x_of[0], y)); });
}
OfOneRow product(double a, double b, double label, torch::ScalarType type) {
  return of_one_row({a, b}, label, type, [](const auto& x, const Tensor& y) {
    return mean_loss(product_bce_rows(x[0], x[1], y));
  });
}

nlohmann::json golden() {
  std::ifstream file(ESMM_SOURCE_DIR "/tests/model/golden/losses.json");
  REQUIRE(file);
  return nlohmann::json::parse(file);
}

bool is_float(double x) { return static_cast<double>(static_cast<float>(x)) == x; }

// How far a float may be off: sharp to |logit| 10; to 80 numbers below the smallest float come in.
double float_tolerance(double largest_logit, double expected) {
  return largest_logit <= 10 ? 1e-6 * std::abs(expected) : 1e-5 * std::abs(expected) + 1e-30;
}

void check_double(double got, double expected) {
  CHECK(std::abs(got - expected) <= 1e-12 * std::abs(expected) + std::numeric_limits<double>::min());
}

// got: loss and gradients; expected: the golden case from `first` on.
void check_all(const OfOneRow& got, const nlohmann::json& row, size_t first, double largest_logit,
               torch::ScalarType type) {
  std::vector<double> numbers{got.loss};
  numbers.insert(numbers.end(), got.gradients.begin(), got.gradients.end());
  for (size_t k = 0; k < numbers.size(); ++k) {
    const double expected = row[first + k];
    INFO("number " << k << ": got " << numbers[k] << ", expected " << expected);
    CHECK(std::isfinite(numbers[k]));
    if (type == torch::kDouble) {
      check_double(numbers[k], expected);
    } else if (largest_logit <= 80) {
      CHECK(std::abs(numbers[k] - expected) <= float_tolerance(largest_logit, expected));
    }
  }
}

TEST_CASE("cross-entropy and its gradient agree with multi-precision values") {
  const nlohmann::json cases = golden()["bce"];
  REQUIRE(cases.size() > 10);
  for (const auto& row : cases) {
    const double x = row[0];
    for (const int label : {0, 1}) {
      for (const auto type : {torch::kDouble, torch::kFloat}) {
        INFO("logit " << x << ", label " << label << ", " << type);
        check_all(bce(x, label, type), row, label == 0 ? 1 : 3, std::abs(x), type);
      }
    }
  }
}

TEST_CASE("cross-entropy of a product and its gradients agree with multi-precision values") {
  const nlohmann::json cases = golden()["product"];
  REQUIRE(cases.size() > 10);
  for (const auto& row : cases) {
    const double a = row[0], b = row[1];
    for (const int label : {0, 1}) {
      INFO("logits " << a << ", " << b << ", label " << label);
      const double largest = std::max(std::abs(a), std::abs(b));
      check_all(product(a, b, label, torch::kDouble), row, label == 0 ? 2 : 5, largest, torch::kDouble);
      if (is_float(a) && is_float(b)) {
        check_all(product(a, b, label, torch::kFloat), row, label == 0 ? 2 : 5, largest, torch::kFloat);
      }
    }
  }
}

TEST_CASE("losses are means over the batch") {
  const Tensor a = torch::tensor({0.0, 0.0}, torch::kDouble),
               label = torch::tensor({0.0, 1.0}, torch::kDouble);
  CHECK(mean_loss(bce_rows(a, label)).item<double>() == Approx(std::log(2.0)));
  // p = 1/4: -(log(3/4) + log(1/4)) / 2
  CHECK(mean_loss(product_bce_rows(a, a, label)).item<double>() == Approx(-std::log(3.0 / 16.0) / 2));
}

TEST_CASE("labels between 0 and 1 weigh both answers") {
  const Tensor a = torch::tensor({0.5}, torch::kDouble), b = torch::tensor({-0.3}, torch::kDouble);
  const auto label = [](double y) { return torch::tensor({y}, torch::kDouble); };
  CHECK(mean_loss(bce_rows(a, label(0.25))).item<double>() ==
        Approx(0.25 * mean_loss(bce_rows(a, label(1))).item<double>() +
               0.75 * mean_loss(bce_rows(a, label(0))).item<double>()));
  CHECK(mean_loss(product_bce_rows(a, b, label(0.25))).item<double>() ==
        Approx(0.25 * mean_loss(product_bce_rows(a, b, label(1))).item<double>() +
               0.75 * mean_loss(product_bce_rows(a, b, label(0))).item<double>()));
}

TEST_CASE("a masked mean is that of the masked rows alone") {
  const Tensor label = torch::tensor({0.f, 1.f, 1.f, 0.f}), mask = torch::tensor({1.f, 0.f, 1.f, 0.f});
  Tensor logit = torch::tensor({0.5f, 1000.f, -2.f, 7.f}).requires_grad_();
  const Tensor loss = mean_loss(bce_rows(logit, label), mask);
  loss.backward();
  Tensor chosen = torch::tensor({0.5f, -2.f}).requires_grad_();
  const Tensor expected = mean_loss(bce_rows(chosen, torch::tensor({0.f, 1.f})));
  expected.backward();
  CHECK(loss.item<float>() == Approx(expected.item<float>()));
  CHECK(torch::allclose(logit.grad().index_select(0, torch::tensor({0, 2})), chosen.grad()));
  CHECK(logit.grad()[1].item<float>() == 0.f);
  CHECK(logit.grad()[3].item<float>() == 0.f);
}

TEST_CASE("a mean over no rows is 0 and pulls nowhere") {
  Tensor logit = torch::tensor({0.5f, 3.f}).requires_grad_();
  const Tensor loss = mean_loss(bce_rows(logit, torch::ones({2})), torch::zeros({2}));
  loss.backward();
  CHECK(loss.item<float>() == 0.f);
  CHECK(torch::equal(logit.grad(), torch::zeros({2})));
}

TEST_CASE("sample weights weigh rows, and a row of weight 2 is a row that is there twice") {
  const Tensor rows = torch::tensor({1.0, 4.0, 7.0}, torch::kDouble);
  CHECK(mean_loss(rows, torch::tensor({2.f, 0.f, 1.f})).item<double>() == Approx((1 + 1 + 7) / 3.0));
  const Tensor mask = torch::tensor({1.f, 0.f, 1.f});
  CHECK(torch::equal(times(Tensor(), mask), mask));
  CHECK(torch::equal(times(torch::tensor({2.f, 3.f, 4.f}), mask), torch::tensor({2.f, 0.f, 4.f})));
}

template <class Loss>
void check_central_differences(Tensor logit, const Loss& loss) {
  Tensor input = logit.clone().requires_grad_();
  (3 * loss(input)).backward();  // the factor must go through
  for (int64_t i = 0; i < logit.numel(); ++i) {
    const double step = 1e-5;
    Tensor above = logit.clone(), below = logit.clone();
    above[i] += step;
    below[i] -= step;
    const double slope =
        (loss(above).template item<double>() - loss(below).template item<double>()) / (2 * step);
    CHECK(input.grad()[i].template item<double>() == Approx(3 * slope).margin(1e-8));
  }
}

TEST_CASE("gradients agree with central differences") {
  const Tensor a = torch::tensor({-3.0, -0.5, 0.2, 1.5, 4.0, 0.9}, torch::kDouble);
  const Tensor b = torch::tensor({0.3, -2.0, 2.2, 1.4, 5.0, 0.85}, torch::kDouble);
  const Tensor label = torch::tensor({1.0, 0.0, 0.0, 0.0, 0.0, 1.0}, torch::kDouble);
  const Tensor mask = torch::tensor({1.0, 1.0, 0.0, 1.0, 0.0, 1.0}, torch::kDouble);
  check_central_differences(a, [&](const Tensor& x) { return mean_loss(bce_rows(x, label)); });
  check_central_differences(a, [&](const Tensor& x) { return mean_loss(bce_rows(x, label), mask); });
  check_central_differences(a, [&](const Tensor& x) { return mean_loss(product_bce_rows(x, b, label)); });
  check_central_differences(b, [&](const Tensor& x) { return mean_loss(product_bce_rows(a, x, label)); });
}

TEST_CASE("a loss under NoGradGuard is not recorded") {
  const Tensor a = torch::zeros({2}).requires_grad_();
  const torch::NoGradGuard no_grad;
  CHECK_FALSE(mean_loss(product_bce_rows(a, a, torch::zeros({2}))).requires_grad());
}

}  // namespace
}  // namespace esmm
