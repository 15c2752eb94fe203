#include "esmm/ops/sided_linear.h"

#include <catch2/catch.hpp>

#include <vector>

#include "esmm/core/error.h"
#include "esmm/ops/linear.h"

namespace esmm::ops {
namespace {

using torch::Tensor;

// Fields of 3 columns: 0 and 2 are the rows', 1, 3 and 4 the users'.
const Sides kSides{.rows = {0, 2}, .users = {1, 3, 4}, .width = 3};

struct Case {
  Tensor rows, users, of, lengths, weight, bias;

  Tensor layer(bool relu) const { return sided_linear(rows, users, of, lengths, weight, bias, kSides, relu); }
};

Case drawn(torch::ScalarType type, const std::vector<int64_t>& of, int64_t users, int64_t units = 4) {
  torch::manual_seed(5);
  const auto draw = [&](torch::IntArrayRef shape) {
    return torch::randn(shape, torch::kDouble).to(type).requires_grad_();
  };
  return {draw({static_cast<int64_t>(of.size()), 6}),
          draw({users, 9}),
          torch::tensor(of, torch::kLong),
          torch::zeros({users, 2}, type == torch::kDouble ? type : torch::kFloat).requires_grad_(),
          draw({units, 15}),
          draw({units})};
}

// The input with each row's user written out, fields in order.
Tensor flat(const Case& of) {
  const Tensor user = of.users.index_select(0, of.of);
  return torch::cat(
      {of.rows.slice(1, 0, 3), user.slice(1, 0, 3), of.rows.slice(1, 3, 6), user.slice(1, 3, 9)}, 1);
}

std::vector<Tensor> results(const Case& of, const Tensor& y) {
  const Tensor slope = torch::linspace(-0.5, 1, y.numel(), torch::kDouble).view(y.sizes());
  (y.to(torch::kDouble) * slope).sum().backward();
  return {y.detach(), of.rows.grad(), of.users.grad(), of.weight.grad(), of.bias.grad()};
}

TEST_CASE("a layer on two sides is the layer on the input written out") {
  for (const auto& [type, tolerance] : {std::pair{torch::kFloat, 1e-5}, {torch::kDouble, 1e-12}}) {
    for (const bool relu : {false, true}) {
      for (const int64_t units : {1, 4, 33}) {
        const std::vector<int64_t> of{0, 0, 0, 1, 2, 2, 3};
        const Case sided = drawn(type, of, 4, units), written = drawn(type, of, 4, units);
        const auto got = results(sided, sided.layer(relu));
        const auto expected = results(written, linear(flat(written), written.weight, written.bias, relu));
        for (size_t k = 0; k < got.size(); ++k) {
          INFO("result " << k << ", " << type << ", " << units);
          CHECK(torch::allclose(got[k], expected[k], tolerance, tolerance));
        }
      }
    }
  }
}

TEST_CASE("many users and rows are shared among threads without a difference") {
  std::vector<int64_t> of;
  for (int64_t b = 0; b < 5000; ++b) of.push_back(b / 7);
  const Case sided = drawn(torch::kFloat, of, of.back() + 1, 64),
             written = drawn(torch::kFloat, of, of.back() + 1, 64);
  const auto got = results(sided, sided.layer(true));
  const auto expected = results(written, linear(flat(written), written.weight, written.bias, true));
  for (size_t k = 0; k < got.size(); ++k) CHECK(torch::allclose(got[k], expected[k], 1e-4, 1e-2));
}

TEST_CASE("bfloat16 sides give bfloat16, sums are float, and the parameters' gradients too") {
  const std::vector<int64_t> of{0, 0, 1};
  Case sided = drawn(torch::kFloat, of, 2), written = drawn(torch::kFloat, of, 2);
  sided.rows = sided.rows.detach().to(torch::kBFloat16).requires_grad_();
  sided.users = sided.users.detach().to(torch::kBFloat16).requires_grad_();
  const auto got = results(sided, sided.layer(false));
  const auto expected = results(written, linear(flat(written), written.weight, written.bias, false));
  CHECK(got[2].scalar_type() == torch::kBFloat16);
  CHECK(got[3].scalar_type() == torch::kFloat);
  for (size_t k = 0; k < got.size(); ++k) {
    CHECK((got[k] - expected[k]).norm().item<double>() < 0.02 * expected[k].norm().item<double>());
  }
}

TEST_CASE("backward tells of each user how long the gradients of its rows are, and how long their sum") {
  for (const auto type : {torch::kFloat, torch::kDouble, torch::kBFloat16}) {
    const Case sided = drawn(type, {0, 0, 1, 1, 2}, 3, /*units=*/2);
    const Tensor slope = torch::tensor({{1., 2.}, {3., -2.}, {1., 1.}, {-1., -1.}, {0., 5.}}, torch::kDouble);
    (sided.layer(false).to(torch::kDouble) * slope).sum().backward();
    const Tensor expected = torch::tensor({{18., 16.}, {4., 0.}, {25., 25.}}, torch::kDouble);
    CHECK(torch::equal(sided.lengths.grad().to(torch::kDouble), expected));
    (sided.layer(false).to(torch::kDouble) * 2 * slope).sum().backward();  // another layer on the same users
    CHECK(torch::equal(sided.lengths.grad().to(torch::kDouble), 5 * expected));
  }
}

TEST_CASE("only rows that are above 0 count where there is a ReLU") {
  const Case sided = drawn(torch::kDouble, {0, 0, 0}, 1, /*units=*/1);
  {
    const torch::NoGradGuard no_grad;
    sided.weight.fill_(1);
    sided.bias.zero_();
    sided.users.zero_();
    sided.rows.copy_(torch::tensor({{1.}, {-1.}, {2.}}, torch::kDouble).expand({3, 6}));
  }
  sided.layer(true).sum().backward();
  CHECK(torch::equal(sided.lengths.grad(), torch::tensor({{2., 4.}}, torch::kDouble)));
}

TEST_CASE("users that do not fit their rows are refused") {
  for (const std::vector<int64_t>& of : {std::vector<int64_t>{0, 2, 2}, {1, 1, 2}, {0, 1, 0}, {0, 0, 1}}) {
    const Case sided = drawn(torch::kFloat, of, 3);
    CHECK_THROWS_AS(sided.layer(true), InternalError);
  }
}

}  // namespace
}  // namespace esmm::ops
