#include "esmm/ops/sided_linear.h"

#include <catch2/catch.hpp>

#include <vector>

#include "esmm/core/error.h"
#include "esmm/ops/linear.h"
#include "esmm/ops/sided_kernels.h"
#include "tests/ops/cuda/gpu.h"
#include "tests/support/torch_threads.h"

namespace esmm::ops {
namespace {

using torch::Tensor;

// Fields of 3 columns: 0 and 2 are the rows', 1, 3 and 4 the users'.
const Sides kSides{.rows = {0, 2}, .users = {1, 3, 4}, .width = 3};

// The CPU's, and what other devices run, here on the CPU too.
constexpr decltype(&sided_linear) kLayers[] = {sided_linear, any_device::sided_linear};

struct Case {
  Tensor rows, users, of, lengths, weight, bias;
  decltype(&sided_linear) of_kind = sided_linear;

  Tensor layer(bool relu) const { return of_kind(rows, users, of, lengths, weight, bias, kSides, relu); }

  // Of an input that is written out.
  Tensor flat_layer(const Tensor& x, bool relu) const { return linears(x, {weight}, {bias}, relu)[0]; }
};

Case drawn(torch::ScalarType type, const std::vector<int64_t>& of, int64_t users, int64_t units = 4,
           decltype(&sided_linear) of_kind = sided_linear) {
  torch::manual_seed(5);
  const auto draw = [&](torch::IntArrayRef shape) {
    return torch::randn(shape, torch::kDouble).to(type).requires_grad_();
  };
  return {draw({static_cast<int64_t>(of.size()), 6}),
          draw({users, 9}),
          torch::tensor(of, torch::kLong),
          torch::zeros({users, 2}, type == torch::kDouble ? type : torch::kFloat).requires_grad_(),
          draw({units, 15}),
          draw({units}),
          of_kind};
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

void check_close(const std::vector<Tensor>& got, const std::vector<Tensor>& expected, double relative,
                 double absolute) {
  for (size_t k = 0; k < got.size(); ++k) {
    INFO("result " << k);
    CHECK(torch::allclose(got[k], expected[k], relative, absolute));
  }
}

// One user for all, one each, and users behind the last that a row names.
const std::vector<std::pair<std::vector<int64_t>, int64_t>> kUsersOfRows = {
    {{0, 0, 0, 1, 2, 2, 3}, 4}, {{0, 0, 0}, 1}, {{0, 1, 2}, 3}, {{0, 0, 1}, 7}, {{0}, 1}, {{}, 0}, {{}, 2}};

TEST_CASE("a layer on two sides is the layer on the input written out") {
  for (const auto layer : kLayers) {
    for (const auto& [type, tolerance] : {std::pair{torch::kFloat, 1e-5}, {torch::kDouble, 1e-12}}) {
      for (const bool relu : {false, true}) {
        for (const int64_t units : {1, 4, 33}) {
          for (const auto& [of, users] : kUsersOfRows) {
            INFO((layer == &sided_linear ? "the CPU's, " : "any device's, ")
                 << type << ", " << units << " units, " << of.size() << " rows, " << users << " users");
            const Case sided = drawn(type, of, users, units, layer), written = drawn(type, of, users, units);
            check_close(results(sided, sided.layer(relu)),
                        results(written, written.flat_layer(flat(written), relu)), tolerance, tolerance);
          }
        }
      }
    }
  }
}

TEST_CASE("fields may lie on either side in any order") {
  for (const auto layer : kLayers) {
    for (const Sides& sides : {Sides{{0, 1}, {2, 3, 4}, 3}, Sides{{3, 4}, {0, 1, 2}, 3}}) {
      const Case sided = drawn(torch::kDouble, {0, 0, 1}, 2), written = drawn(torch::kDouble, {0, 0, 1}, 2);
      const Tensor user = written.users.index_select(0, written.of);
      const Tensor x =
          torch::cat({sides.rows[0] == 0 ? written.rows : user, sides.rows[0] == 0 ? user : written.rows}, 1);
      check_close(results(sided, layer(sided.rows, sided.users, sided.of, sided.lengths, sided.weight,
                                       sided.bias, sides, true)),
                  results(written, written.flat_layer(x, true)), 1e-12, 1e-12);
    }
  }
}

TEST_CASE("sums by user have the same bits on any number of threads") {
  const int64_t rows = 5000, users = rows / 7 + 1;
  const Tensor grad = torch::randn({rows, 64}), of = torch::arange(rows).div(7, /*rounding_mode=*/"floor");
  const auto on = [&](int threads) {
    const test::TorchThreads of_these(threads);
    return cpu::sum_by_user(grad, of, users);
  };
  const UserSums expected = on(1);
  for (const int threads : {2, 3, 7}) {
    const UserSums got = on(threads);
    CHECK(torch::equal(got.grad, expected.grad));
    CHECK(torch::equal(got.lengths, expected.lengths));
  }
}

TEST_CASE("a layer of many users and rows is the layer on the input written out") {
  std::vector<int64_t> of;
  for (int64_t b = 0; b < 5000; ++b) of.push_back(b / 7);
  for (const auto layer : kLayers) {
    const Case sided = drawn(torch::kFloat, of, of.back() + 1, 64, layer),
               written = drawn(torch::kFloat, of, of.back() + 1, 64);
    check_close(results(sided, sided.layer(true)), results(written, written.flat_layer(flat(written), true)),
                1e-4, 1e-2);
  }
}

TEST_CASE("bfloat16 sides give bfloat16, sums are float, and the parameters' gradients too") {
  const std::vector<int64_t> of{0, 0, 1};
  for (const auto layer : kLayers) {
    Case sided = drawn(torch::kFloat, of, 2, 4, layer), written = drawn(torch::kFloat, of, 2);
    sided.rows = sided.rows.detach().to(torch::kBFloat16).requires_grad_();
    sided.users = sided.users.detach().to(torch::kBFloat16).requires_grad_();
    const auto got = results(sided, sided.layer(false));
    const auto expected = results(written, written.flat_layer(flat(written), false));
    CHECK(got[0].scalar_type() == torch::kBFloat16);
    CHECK(got[2].scalar_type() == torch::kBFloat16);
    CHECK(got[3].scalar_type() == torch::kFloat);
    CHECK(sided.lengths.grad().scalar_type() == torch::kFloat);
    for (size_t k = 0; k < got.size(); ++k) {
      CHECK((got[k] - expected[k]).norm().item<double>() < 0.02 * expected[k].norm().item<double>());
    }
  }
}

TEST_CASE("backward tells of each user how long the gradients of its rows are, and how long their sum") {
  const Tensor slope = torch::tensor({{1., 2.}, {3., -2.}, {1., 1.}, {-1., -1.}, {0., 5.}}, torch::kDouble);
  const Tensor expected = torch::tensor({{18., 16.}, {4., 0.}, {25., 25.}, {0., 0.}}, torch::kDouble);
  for (const auto layer : kLayers) {
    for (const auto type : {torch::kFloat, torch::kDouble, torch::kBFloat16}) {
      const Case sided = drawn(type, {0, 0, 1, 1, 2}, 4, /*units=*/2, layer);
      (sided.layer(false).to(torch::kDouble) * slope).sum().backward();
      CHECK(torch::equal(sided.lengths.grad().to(torch::kDouble), expected));
      CHECK(torch::equal(sided.users.grad()[3].to(torch::kDouble), torch::zeros({9}, torch::kDouble)));
      (sided.layer(false).to(torch::kDouble) * 2 * slope).sum().backward();  // another layer on the same
      CHECK(torch::equal(sided.lengths.grad().to(torch::kDouble), 5 * expected));
    }
  }
}

TEST_CASE("only rows that are above 0 count where there is a ReLU") {
  for (const auto layer : kLayers) {
    const Case sided = drawn(torch::kDouble, {0, 0, 0}, 1, /*units=*/1, layer);
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
}

TEST_CASE("users that do not fit their rows are refused") {
  for (const std::vector<int64_t>& of :
       {std::vector<int64_t>{0, 2, 2}, {1, 1, 2}, {0, 1, 0}, {0, 1, 3}, {-1, 0, 0}}) {
    for (const auto layer : kLayers)
      CHECK_THROWS_AS(drawn(torch::kFloat, of, 3, 4, layer).layer(true), InternalError);
    CHECK_THROWS_AS(check_users(torch::tensor(of, torch::kLong), 3), InternalError);
  }
  CHECK_THROWS_AS(drawn(torch::kFloat, {0, 1, 2}, 2).layer(true), InternalError);
  CHECK_NOTHROW(check_users(torch::tensor({0, 0, 1}, torch::kLong), 2));
}

Case on_gpu(const Case& of) {
  const auto moved = [](const Tensor& tensor) { return tensor.detach().to(torch::kCUDA).requires_grad_(); };
  return {moved(of.rows),    moved(of.users),  of.of.to(torch::kCUDA),
          moved(of.lengths), moved(of.weight), moved(of.bias)};
}

std::vector<Tensor> results_on_gpu(const Case& of, bool relu) {
  const Case there = on_gpu(of);
  const Tensor y = there.layer(relu);
  const Tensor slope = torch::linspace(-0.5, 1, y.numel(), torch::kDouble).view(y.sizes());
  (y.to(torch::kDouble) * slope.to(torch::kCUDA)).sum().backward();
  return {y.detach().cpu(),          there.rows.grad().cpu(), there.users.grad().cpu(),
          there.weight.grad().cpu(), there.bias.grad().cpu(), there.lengths.grad().cpu()};
}

TEST_CASE("on a GPU, a layer on two sides is the CPU's, and the same bits each time", "[gpu]") {
  if (!test::has_gpu()) return;
  for (const bool relu : {false, true}) {
    for (const auto& [of, users] : kUsersOfRows) {
      const Case sided = drawn(torch::kFloat, of, users, 33);
      std::vector<Tensor> expected = results(sided, sided.layer(relu));
      expected.push_back(sided.lengths.grad());
      const std::vector<Tensor> got = results_on_gpu(sided, relu);
      check_close(got, expected, 1e-4, 1e-4);
      const std::vector<Tensor> again = results_on_gpu(sided, relu);
      for (size_t k = 0; k < got.size(); ++k) CHECK(torch::equal(again[k], got[k]));
    }
  }
}

}  // namespace
}  // namespace esmm::ops
