#include "esmm/ops/bags.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/ops/check_bags.h"
#include "esmm/ops/reference.h"
#include "esmm/ops/table_updates.h"
#include "tests/ops/bag_cases.h"
#include "tests/ops/cpu/each_vectors.h"
#include "tests/support/torch_threads.h"

namespace esmm::ops {
namespace {

using test::BagCase;

torch::Tensor ints(const std::vector<int32_t>& values) { return torch::tensor(values, torch::kInt); }
torch::Tensor longs(const std::vector<int64_t>& values) { return torch::tensor(values, torch::kLong); }

TEST_CASE("a bag is the weighted sum of its rows") {
  const torch::Tensor table = torch::tensor({{1.f, 2.f}, {10.f, 20.f}, {100.f, 200.f}});
  // Two fields: row 0 holds bags {0, 1} and {2}, row 1 two empty ones.
  const TableBags bags{ints({0, 1, 2}), longs({0, 2, 3, 3, 3}), torch::tensor({1.f, 2.f, 0.5f}), 2};
  const torch::Tensor out = bags_forward(table, bags);
  CHECK(torch::equal(out, torch::tensor({{21.f, 42.f, 50.f, 100.f}, {0.f, 0.f, 0.f, 0.f}})));
  const torch::Tensor of_halves = bags_forward(table.to(torch::kBFloat16), bags);  // exact in bfloat16
  CHECK(of_halves.scalar_type() == torch::kFloat);
  CHECK(torch::equal(of_halves, out));
}

TEST_CASE("bags agree with the reference in every corner") {
  test::with_each_vectors([] {
    for (const BagCase& c : test::bag_cases()) {
      for (const auto type : {torch::kFloat, torch::kDouble, torch::kBFloat16}) {
        INFO(c.name << ", " << torch::toString(type));
        const torch::Tensor table = c.table(type);
        const torch::Tensor got = bags_forward(table, c.bags()),
                            expected = reference::bags_forward(table, c.bags());
        CHECK(got.scalar_type() == sum_type(type));
        REQUIRE(got.sizes() == expected.sizes());
        const double tolerance = type == torch::kDouble ? 1e-13 : 1e-5;
        CHECK(torch::allclose(got.to(torch::kDouble), expected, tolerance, tolerance));
      }
    }
  });
}

TEST_CASE("bags as bfloat16 are those as float, rounded to the nearest, ties to even") {
  test::with_each_vectors([] {
    for (const BagCase& c : test::bag_cases()) {
      for (const auto type : {torch::kFloat, torch::kBFloat16}) {
        INFO(c.name << ", " << torch::toString(type));
        torch::Tensor table = c.table(type);
        if (table.size(0) > 1) table[1].fill_(NAN);
        const torch::Tensor expected = bags_forward(table, c.bags()).to(torch::kBFloat16),
                            got = bags_forward(table, c.bags(), torch::kBFloat16);
        CHECK(got.scalar_type() == torch::kBFloat16);
        CHECK(torch::equal(got.isnan(), expected.isnan()));
        CHECK(torch::equal(got.nan_to_num(), expected.nan_to_num()));
      }
    }
    const torch::Tensor ties = torch::tensor({{1 + 1.f / 256, 1 + 3.f / 256, 1 + 3.f / 512, INFINITY}});
    CHECK(torch::equal(bags_forward(ties, {ints({0}), longs({0, 1}), {}, 1}, torch::kBFloat16),
                       torch::tensor({{1.f, 1 + 4.f / 256, 1 + 2.f / 256, INFINITY}}).to(torch::kBFloat16)));
  });
}

TEST_CASE("bags' gradient by row is the weighted sum of the bags' gradients, over all parts") {
  const torch::Tensor grad = torch::tensor({{1.f, 2.f}, {10.f, 20.f}});  // B 2, F 2, D 1
  const BagGradient first{
      {ints({3, 0, 3, 3}), longs({0, 1, 2, 2, 4}), torch::tensor({1.f, 1.f, 2.f, 0.5f}), 2}, grad};
  const BagGradient second{{ints({3}), longs({0, 1}), {}, 1}, torch::tensor({{100.f}})};
  const reference::RowGradient gradient = reference::row_gradient({first, second}, 1);
  CHECK(torch::equal(gradient.rows, longs({0, 3})));
  CHECK(torch::equal(gradient.values, torch::tensor({{2.0}, {1 + 2 * 20 + 0.5 * 20 + 100}}, torch::kDouble)));
  CHECK(torch::equal(gradient.counts, longs({1, 4})));
}

TEST_CASE("bags' gradient agrees with central differences") {
  const BagCase c = test::random_case("", 2, 3, 4, 6, 4, true, 5);
  torch::Tensor table = c.table(torch::kDouble);
  const BagGradient part = c.gradient(torch::kDouble);
  const torch::Tensor gradient = reference::full_gradient({part}, 4, 3);
  const auto loss = [&] { return (bags_forward(table, part.bags) * part.grad_out).sum().item<double>(); };
  for (int64_t row = 0; row < 4; ++row) {
    for (int64_t d = 0; d < 3; ++d) {
      const double step = 1e-6, at = table[row][d].item<double>();
      table[row][d] = at + step;
      const double above = loss();
      table[row][d] = at - step;
      const double below = loss();
      table[row][d] = at;
      CHECK(gradient[row][d].item<double>() == Approx((above - below) / (2 * step)).margin(1e-8));
    }
  }
}

TEST_CASE("bags give the same bits on any number of threads") {
  const BagCase c = test::random_case("", 4, 16, 300, 40000, 6, true, 6);
  const torch::Tensor table = c.table(torch::kFloat);
  const auto on = [&](int threads) {
    const test::TorchThreads of_these(threads);
    return bags_forward(table, c.bags());
  };
  const torch::Tensor out = on(1);
  for (const int threads : {2, 3, 7}) CHECK(torch::equal(on(threads), out));
}

TEST_CASE("arguments need not be contiguous") {
  const torch::Tensor wide = torch::arange(24, torch::kFloat).view({3, 8});
  const torch::Tensor rows = ints({2, 9, 0, 9}).slice(0, 0, 4, 2);
  const torch::Tensor out = bags_forward(wide.slice(1, 0, 2), {rows, longs({0, 1, 2}), {}, 1});
  CHECK(torch::equal(out, torch::tensor({{16.f, 17.f}, {0.f, 1.f}})));
}

TEST_CASE("an id outside the table is an error that names it, in look-up and update") {
  torch::Tensor table = torch::zeros({5, 2});
  for (const int32_t bad : {-1, 5, INT32_MAX, INT32_MIN}) {
    const TableBags bags{ints({4, bad}), longs({0, 1, 2}), {}, 1};
    const auto names_it = Catch::Matchers::Contains(
        "id 1 of the batch: an id names a row outside the embedding table: expected 0 to 4, got " +
        std::to_string(bad));
    CHECK_THROWS_WITH(bags_forward(table, bags), names_it);
    CHECK_THROWS_WITH(update_table(UpdateRule::sgd, table, {}, {{bags, torch::zeros({2, 2})}}, {}), names_it);
    CHECK_THROWS_AS(bags_forward(table, bags), Error);
  }
}

TEST_CASE("bags that were checked for a table are checked again for a smaller one alone") {
  const TableBags bags{ints({4, 2}), longs({0, 1, 2}), {}, 1};
  const TableBags checked = checked_bags(bags, torch::zeros({5, 2}));
  CHECK(bags.checked_rows == 0);
  CHECK(checked.checked_rows == 5);
  CHECK(checked_bags(checked, torch::zeros({6, 2})).checked_rows == 5);
  CHECK_THROWS_WITH(bags_forward(torch::zeros({4, 2}), checked), Catch::Matchers::Contains("got 4"));
}

TEST_CASE("bad offsets are an error that says what is wrong with them") {
  torch::Tensor table = torch::zeros({5, 2});
  const torch::Tensor rows = ints({1, 2});
  const auto look_up = [&](const std::vector<int64_t>& offsets, int64_t fields) {
    bags_forward(table, {rows, longs(offsets), {}, fields});
  };
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(look_up({1, 2}, 1), Contains("expected 0 first, got 1"));
  CHECK_THROWS_WITH(look_up({0, 1}, 1), Contains("expected 2 (the number of ids) last, got 1"));
  CHECK_THROWS_WITH(look_up({0, 3}, 1), Contains("got 3"));
  CHECK_THROWS_WITH(look_up({0, 2, 1, 2}, 1), Contains("expected at least 2 at place 2, got 1"));
  CHECK_THROWS_WITH(look_up({0, 1, 2, 2}, 2), Contains("a multiple of 2 bags, got 3"));
  CHECK_THROWS_AS(look_up({}, 1), Error);
  CHECK_THROWS_AS(
      update_table(UpdateRule::sgd, table, {}, {{{rows, longs({0, 1}), {}, 1}, torch::zeros({1, 2})}}, {}),
      Error);
}

TEST_CASE("a table without columns, or with more rows than ids can name, is a defect of the caller") {
  const TableBags bags{ints({0}), longs({0, 1}), {}, 1};
  torch::Tensor no_columns = torch::zeros({5, 0}),
                too_long = torch::zeros({1, 1}).expand({(1LL << 31) + 1, 1});
  CHECK_THROWS_AS(bags_forward(no_columns, bags), InternalError);
  CHECK_THROWS_AS(bags_forward(too_long, bags), InternalError);
  CHECK_THROWS_AS(update_table(UpdateRule::sgd, no_columns, {}, {{bags, torch::zeros({1, 0})}}, {}),
                  InternalError);
}

TEST_CASE("a wrong dtype is a defect of the caller") {
  const torch::Tensor table = torch::zeros({5, 2});
  CHECK_THROWS_AS(bags_forward(table, {longs({0}), longs({0, 1}), {}, 1}), InternalError);
  CHECK_THROWS_AS(bags_forward(table, {ints({0}), ints({0, 1}), {}, 1}), InternalError);
  CHECK_THROWS_AS(bags_forward(table, {ints({0}), longs({0, 1}), ints({1}), 1}), InternalError);
  CHECK_THROWS_AS(bags_forward(table.to(torch::kInt), {ints({0}), longs({0, 1}), {}, 1}), InternalError);
  CHECK_THROWS_AS(bags_forward(table, {ints({0}), longs({0, 1}), {}, 1}, torch::kHalf), InternalError);
  CHECK_THROWS_AS(bags_forward(table.to(torch::kDouble), {ints({0}), longs({0, 1}), {}, 1}, torch::kBFloat16),
                  InternalError);
}

}  // namespace
}  // namespace esmm::ops
