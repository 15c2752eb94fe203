#include "esmm/ops/bags.h"

#include <ATen/Parallel.h>
#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/ops/reference.h"
#include "tests/ops/bag_cases.h"

namespace esmm::ops {
namespace {

using test::BagCase;

torch::Tensor ints(const std::vector<int32_t>& values) { return torch::tensor(values, torch::kInt); }
torch::Tensor longs(const std::vector<int64_t>& values) { return torch::tensor(values, torch::kLong); }

void check_near(const torch::Tensor& got, const torch::Tensor& expected) {
  const double tolerance = got.scalar_type() == torch::kFloat ? 1e-5 : 1e-13;
  REQUIRE(got.sizes() == expected.sizes());
  CHECK(torch::allclose(got.to(torch::kDouble), expected, tolerance, tolerance));
}

TEST_CASE("a bag is the weighted sum of its rows") {
  const torch::Tensor table = torch::tensor({{1.f, 2.f}, {10.f, 20.f}, {100.f, 200.f}});
  const torch::Tensor weights = torch::tensor({1.f, 2.f, 0.5f});
  // Two fields: row 0 holds bags {0, 1} and {2}, row 1 two empty ones.
  const torch::Tensor out = bags_forward(table, ints({0, 1, 2}), longs({0, 2, 3, 3, 3}), weights, 2);
  CHECK(torch::equal(out, torch::tensor({{21.f, 42.f, 50.f, 100.f}, {0.f, 0.f, 0.f, 0.f}})));
}

TEST_CASE("a row's gradient is the weighted sum of its bags' gradients, and rows come rising") {
  const torch::Tensor grad = torch::tensor({{1.f, 2.f}, {10.f, 20.f}});  // B 2, F 2, D 1
  const RowGradient gradient = bags_backward(grad, ints({3, 0, 3, 3}), longs({0, 1, 2, 2, 4}),
                                             torch::tensor({1.f, 1.f, 2.f, 0.5f}), 2, 4);
  CHECK(torch::equal(gradient.rows, ints({0, 3})));
  CHECK(torch::equal(gradient.values, torch::tensor({{2.f}, {1 + 2 * 20 + 0.5f * 20}})));
  CHECK(torch::equal(gradient.counts, ints({1, 3})));
}

TEST_CASE("bags agree with the reference in every corner") {
  for (const BagCase& c : test::bag_cases()) {
    for (const auto type : {torch::kFloat, torch::kDouble}) {
      INFO(c.name << (type == torch::kFloat ? ", float" : ", double"));
      const auto table = c.table(type), rows = c.rows_tensor(), offsets = c.offsets_tensor();
      const auto weights = c.weights_tensor(type), grad_out = c.grad_out(type);

      const torch::Tensor out = bags_forward(table, rows, offsets, weights, c.fields);
      CHECK(out.scalar_type() == type);
      check_near(out, reference::bags_forward(table, rows, offsets, weights, c.fields));

      const RowGradient got = bags_backward(grad_out, rows, offsets, weights, c.fields, c.table_rows);
      const RowGradient expected =
          reference::bags_backward(grad_out, rows, offsets, weights, c.fields, c.table_rows);
      CHECK(torch::equal(got.rows, expected.rows));
      CHECK(torch::equal(got.counts, expected.counts));
      CHECK(got.values.scalar_type() == type);
      check_near(got.values, expected.values);
    }
  }
}

TEST_CASE("a row that very many ids name gets all their gradients") {
  std::vector<int32_t> rows(1300, 1);
  rows[0] = 0;
  rows[1299] = 2;
  const torch::Tensor offsets = longs({0, 600, 601, 1300});
  for (const int64_t D : {1, 16}) {
    const torch::Tensor grad = torch::tensor({1.f, 2.f, 3.f}).unsqueeze(1).expand({3, D});
    const RowGradient gradient = bags_backward(grad, ints(rows), offsets, {}, 1, 3);
    CHECK(torch::equal(gradient.counts, ints({1, 1298, 1})));
    CHECK(torch::equal(gradient.values,
                       torch::tensor({1.f, 599 * 1.f + 2.f + 698 * 3.f, 3.f}).unsqueeze(1).expand({3, D})));
  }
}

TEST_CASE("bags' gradient agrees with central differences") {
  const BagCase c = test::random_case("", 2, 3, 4, 6, 4, true, 5);
  const auto rows = c.rows_tensor(), offsets = c.offsets_tensor(), weights = c.weights_tensor(torch::kDouble);
  const auto grad_out = c.grad_out(torch::kDouble);
  torch::Tensor table = c.table(torch::kDouble);
  const RowGradient gradient = bags_backward(grad_out, rows, offsets, weights, c.fields, c.table_rows);
  const torch::Tensor dense = torch::zeros_like(table).index_add(0, gradient.rows, gradient.values);
  const auto loss = [&] {
    return (bags_forward(table, rows, offsets, weights, c.fields) * grad_out).sum().item<double>();
  };
  for (int64_t row = 0; row < 4; ++row) {
    for (int64_t d = 0; d < 3; ++d) {
      const double step = 1e-6, at = table[row][d].item<double>();
      table[row][d] = at + step;
      const double above = loss();
      table[row][d] = at - step;
      const double below = loss();
      table[row][d] = at;
      CHECK(dense[row][d].item<double>() == Approx((above - below) / (2 * step)).margin(1e-8));
    }
  }
}

TEST_CASE("bags give the same bits on any number of threads") {
  const int before = at::get_num_threads();
  const BagCase c = test::random_case("", 4, 16, 300, 40000, 6, true, 6);
  const auto table = c.table(torch::kFloat), rows = c.rows_tensor(), offsets = c.offsets_tensor();
  const auto weights = c.weights_tensor(torch::kFloat), grad_out = c.grad_out(torch::kFloat);
  at::set_num_threads(1);
  const torch::Tensor out = bags_forward(table, rows, offsets, weights, c.fields);
  const RowGradient gradient = bags_backward(grad_out, rows, offsets, weights, c.fields, c.table_rows);
  for (const int threads : {2, 3, 7}) {
    at::set_num_threads(threads);
    CHECK(torch::equal(bags_forward(table, rows, offsets, weights, c.fields), out));
    const RowGradient again = bags_backward(grad_out, rows, offsets, weights, c.fields, c.table_rows);
    CHECK(torch::equal(again.rows, gradient.rows));
    CHECK(torch::equal(again.values, gradient.values));
    CHECK(torch::equal(again.counts, gradient.counts));
  }
  at::set_num_threads(before);
}

TEST_CASE("arguments need not be contiguous") {
  const torch::Tensor wide = torch::arange(24, torch::kFloat).view({3, 8});
  const torch::Tensor rows = ints({2, 9, 0, 9}).slice(0, 0, 4, 2);
  const torch::Tensor out = bags_forward(wide.slice(1, 0, 2), rows, longs({0, 1, 2}), {}, 1);
  CHECK(torch::equal(out, torch::tensor({{16.f, 17.f}, {0.f, 1.f}})));
}

TEST_CASE("an id outside the table is an error that names it, forward and backward") {
  const torch::Tensor table = torch::zeros({5, 2}), grad = torch::zeros({2, 2});
  for (const int32_t bad : {-1, 5, INT32_MAX, INT32_MIN}) {
    const torch::Tensor rows = ints({4, bad});
    const auto names_it = Catch::Matchers::Contains(
        "id 1 of the batch: an id names a row outside the embedding table: expected 0 to 4, got " +
        std::to_string(bad));
    CHECK_THROWS_WITH(bags_forward(table, rows, longs({0, 1, 2}), {}, 1), names_it);
    CHECK_THROWS_WITH(bags_backward(grad, rows, longs({0, 1, 2}), {}, 1, 5), names_it);
    CHECK_THROWS_AS(bags_forward(table, rows, longs({0, 1, 2}), {}, 1), Error);
  }
}

TEST_CASE("bad offsets are an error that says what is wrong with them") {
  const torch::Tensor table = torch::zeros({5, 2}), rows = ints({1, 2});
  const auto look_up = [&](const std::vector<int64_t>& offsets, int64_t fields) {
    bags_forward(table, rows, longs(offsets), {}, fields);
  };
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(look_up({1, 2}, 1), Contains("expected 0 first, got 1"));
  CHECK_THROWS_WITH(look_up({0, 1}, 1), Contains("expected 2 (the number of ids) last, got 1"));
  CHECK_THROWS_WITH(look_up({0, 3}, 1), Contains("got 3"));
  CHECK_THROWS_WITH(look_up({0, 2, 1, 2}, 1), Contains("expected at least 2 at place 2, got 1"));
  CHECK_THROWS_WITH(look_up({0, 1, 2, 2}, 2), Contains("a multiple of 2 bags, got 3"));
  CHECK_THROWS_AS(look_up({}, 1), Error);
  CHECK_THROWS_AS(bags_backward(torch::zeros({1, 2}), rows, longs({0, 1}), {}, 1, 5), Error);
}

TEST_CASE("mixed dtypes are a defect of the caller") {
  const torch::Tensor table = torch::zeros({5, 2});
  CHECK_THROWS_AS(bags_forward(table, longs({0}), longs({0, 1}), {}, 1), InternalError);
  CHECK_THROWS_AS(bags_forward(table, ints({0}), longs({0, 1}), torch::ones({1}, torch::kDouble), 1),
                  InternalError);
}

}  // namespace
}  // namespace esmm::ops
