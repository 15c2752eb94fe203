#include "esmm/ops/table_updates.h"

#include <torch/optim/adam.h>

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/ops/reference.h"
#include "tests/ops/bag_cases.h"
#include "tests/ops/cpu/each_vectors.h"
#include "tests/support/torch_threads.h"

namespace esmm::ops {
namespace {

using test::BagCase;
using test::filled_state;
using test::kRules;

torch::Tensor doubles(const std::vector<double>& values) { return torch::tensor(values, torch::kDouble); }

// The gradient of one id for each of the rows, whose values are those of the gradient.
TableGradient of_rows(const std::vector<int32_t>& rows, const torch::Tensor& values) {
  const auto ids = static_cast<int64_t>(rows.size());
  return {{{torch::tensor(rows, torch::kInt), torch::arange(ids + 1, torch::kLong), {}, 1}, values}};
}

void copy_state(const TableState& from, TableState& to) {
  for (size_t k = 0; k < from.size(); ++k)
    to[k].second = from[k].second.to(torch::kDouble, false, /*copy=*/true);
}

// By one unit of the last place where a table is bfloat16: rounding goes either way.
void check_near(const torch::Tensor& got, const torch::Tensor& expected) {
  const auto type = got.scalar_type();
  const double relative = type == torch::kDouble ? 1e-12 : type == torch::kFloat ? 5e-6 : 1.0 / 128;
  CHECK(torch::allclose(got.to(torch::kDouble), expected, relative, type == torch::kDouble ? 1e-12 : 5e-6));
}

TEST_CASE("SGD subtracts the learning rate times the summed gradient") {
  torch::Tensor table = torch::tensor({{1.0}, {1.0}}, torch::kDouble);
  update_table(UpdateRule::sgd, table, {}, of_rows({1, 1}, torch::tensor({{2.0}, {3.0}}, torch::kDouble)),
               {.learning_rate = 0.1});
  CHECK(torch::allclose(table.flatten(), doubles({1.0, 0.5})));
}

TEST_CASE("Adagrad divides each element by the root of its sum of squares") {
  torch::Tensor table = torch::tensor({{1.0, 1.0}}, torch::kDouble);
  const TableState state{{"sums", torch::tensor({{0.0, 9.0}}, torch::kDouble)}};
  update_table(UpdateRule::adagrad, table, state, of_rows({0}, torch::tensor({{3.0, 4.0}}, torch::kDouble)),
               {.learning_rate = 0.5, .epsilon = 1.0});
  CHECK(torch::equal(state[0].second, torch::tensor({{9.0, 25.0}}, torch::kDouble)));
  CHECK(torch::allclose(table[0], doubles({1 - 0.5 * 3 / 4, 1 - 0.5 * 4 / 6})));
}

TEST_CASE("row-wise Adagrad divides by the root of the row's mean squares") {
  torch::Tensor table = torch::tensor({{1.0, 1.0}, {5.0, 5.0}}, torch::kDouble);
  const TableState state{{"sums", doubles({7.5, 3.0})}};
  update_table(UpdateRule::rowwise_adagrad, table, state,
               of_rows({0}, torch::tensor({{4.0, 1.0}}, torch::kDouble)),
               {.learning_rate = 0.5, .epsilon = 1.0});
  CHECK(torch::equal(state[0].second, doubles({16.0, 3.0})));  // 7.5 + (16 + 1) / 2
  CHECK(torch::allclose(table,
                        torch::tensor({{1 - 0.5 * 4 / 5, 1 - 0.5 * 1 / 5}, {5.0, 5.0}}, torch::kDouble)));
}

TEST_CASE("dense Adam moves a touched row by its gradient and an untouched one by its momentum") {
  torch::Tensor table = torch::tensor({{1.0}, {1.0}}, torch::kDouble);
  const TableState state{{"m", torch::tensor({{0.0}, {0.5}}, torch::kDouble)},
                         {"v", torch::tensor({{0.0}, {0.25}}, torch::kDouble)}};
  update_table(UpdateRule::adam, table, state, of_rows({0}, torch::tensor({{2.0}}, torch::kDouble)),
               {.learning_rate = 0.1, .beta1 = 0.5, .beta2 = 0.75, .epsilon = 0.0});
  CHECK(torch::equal(state[0].second.flatten(), doubles({1.0, 0.25})));    // 0.5 * 2, 0.5 * 0.5
  CHECK(torch::equal(state[1].second.flatten(), doubles({1.0, 0.1875})));  // 0.25 * 4, 0.75 * 0.25
  CHECK(torch::allclose(table.flatten(), doubles({1 - 0.1 * 2 / 2, 1 - 0.1 * 0.5 / std::sqrt(0.75)})));
}

TEST_CASE("lazy Adam moves a row as Adam alone with the row's own gradients would, whenever they come") {
  const int64_t D = 3;
  torch::Tensor table = torch::zeros({4, D}, torch::kDouble);
  const TableState state = initial_state(UpdateRule::lazy_adam, table);
  torch::Tensor row = torch::zeros({D}, torch::kDouble).requires_grad_();
  torch::optim::Adam adam({row}, torch::optim::AdamOptions(0.01));
  for (int64_t step = 1; step <= 40; ++step) {
    const torch::Tensor g = BagCase::filled({1, D}, torch::kDouble, static_cast<uint64_t>(step));
    const bool seen = step >= 9 && step % 3 == 0;
    update_table(UpdateRule::lazy_adam, table, state, of_rows({seen ? 2 : 0}, g),
                 {.learning_rate = 0.01, .step = step});
    if (!seen) continue;
    row.mutable_grad() = g[0].clone();
    adam.step();
    CHECK(torch::allclose(table[2], row.detach(), 1e-9, 1e-12));
  }
  CHECK(torch::equal(table[1], torch::zeros({D}, torch::kDouble)));
}

TEST_CASE("dense Adam agrees with torch::optim::Adam over 20 steps") {
  const int64_t V = 50, D = 7;
  torch::Tensor table = BagCase::filled({V, D}, torch::kDouble, 1);
  const TableState state = initial_state(UpdateRule::adam, table);
  torch::Tensor other = table.clone().requires_grad_();
  torch::optim::Adam adam({other}, torch::optim::AdamOptions(0.01));
  for (int64_t step = 1; step <= 20; ++step) {
    const BagCase c = test::random_case("", 2, D, V, 20, 3, true, static_cast<uint64_t>(step));
    const TableGradient gradient{c.gradient(torch::kDouble, static_cast<uint64_t>(100 + step))};
    update_table(UpdateRule::adam, table, state, gradient, {.learning_rate = 0.01, .step = step});
    other.mutable_grad() = reference::full_gradient(gradient, V, D);
    adam.step();
  }
  CHECK(torch::allclose(table, other.detach(), 1e-9, 1e-12));
}

TEST_CASE("L2 pulls a looked-up row to zero, once per look-up") {
  torch::Tensor table = torch::tensor({{10.0}, {10.0}}, torch::kDouble);
  const TableState state{{"sums", doubles({0, 0})}};
  update_table(UpdateRule::rowwise_adagrad, table, state,
               of_rows({1, 1, 1}, torch::zeros({3, 1}, torch::kDouble)),
               {.learning_rate = 1.0, .epsilon = 0.0, .l2 = 0.2, .batch_size = 2});
  CHECK(state[0].second[1].item<double>() == Approx(9.0));  // (0.2 * 3 / 2 * 10)^2
  CHECK(torch::allclose(table.flatten(), doubles({10.0, 9.0})));
}

// One row of bags, of the rows given, which is shared; its gradient is 3 for each.
BagGradient of_user(const std::vector<int32_t>& rows, int32_t impressions, double scale) {
  const auto fields = static_cast<int64_t>(rows.size());
  return {.bags = {torch::tensor(rows, torch::kInt), torch::arange(fields + 1, torch::kLong), {}, fields},
          .grad_out = torch::full({1, fields}, 3.0, torch::kDouble),
          .shared = SharedBags{torch::full({1}, impressions, torch::kInt), doubles({scale})}};
}

TEST_CASE("L2 pulls a row that impressions share once for each of them") {
  torch::Tensor table = torch::tensor({{10.0}, {10.0}}, torch::kDouble);
  const TableGradient gradient = {of_rows({0, 1}, torch::zeros({2, 1}, torch::kDouble))[0],
                                  of_user({1}, 4, 1)};
  update_table(UpdateRule::sgd, table, {}, gradient, {.learning_rate = 0.1, .l2 = 0.2, .batch_size = 2});
  CHECK(torch::allclose(table.flatten(), doubles({10 - 0.1 * 0.1 * 10, 10 - 0.1 * (3 + 5 * 0.1 * 10)})));
}

TEST_CASE("what a step is divided by counts a row's impressions apart where they are one user's alone") {
  const auto sums_after = [](const TableGradient& gradient) {
    torch::Tensor table = torch::zeros({4, 1}, torch::kDouble);
    const TableState state = initial_state(UpdateRule::adagrad, table);
    update_table(UpdateRule::adagrad, table, state, gradient, {.learning_rate = 0.5});
    CHECK(torch::allclose(table.sign(), -state[0].second.sign()));
    return state[0].second.flatten();
  };
  // Row 1 is in two bags of the user, 2 is an item's too.
  const BagGradient user = of_user({0, 1, 1, 2}, 5, 2),
                    item = of_rows({2, 3}, torch::ones({2, 1}, torch::kDouble))[0];
  CHECK(torch::allclose(sums_after({item, user}), doubles({4 * 9, 4 * 36, 16, 1})));
  // Row 1 is another user's too.
  CHECK(torch::allclose(sums_after({user, of_user({1}, 2, 7)}), doubles({4 * 9, 81, 4 * 9, 0})));
}

TEST_CASE("every rule agrees with the reference in every corner, of one part and of two") {
  test::with_each_vectors([] {
    for (const BagCase& c : test::bag_cases()) {
      for (const auto type : {torch::kFloat, torch::kDouble, torch::kBFloat16}) {
        TableGradient gradient{c.gradient(type)};
        for (const int parts : {1, 2}) {
          const BagCase second = test::random_case("", 2, c.dimension, c.table_rows, 6, 4, false, 99);
          if (parts == 2) gradient.push_back(second.shared_gradient(type, 3));
          for (const UpdateRule rule : kRules) {
            INFO(c.name << ", " << torch::toString(type) << ", " << parts << " parts, rule "
                        << static_cast<int>(rule));
            torch::Tensor table = c.table(type);
            torch::Tensor expected = table.to(torch::kDouble, false, /*copy=*/true);
            const TableState state = filled_state(rule, table);
            TableState expected_state = state;
            copy_state(state, expected_state);
            const UpdateOptions options{
                .learning_rate = 0.05, .epsilon = 1e-4, .l2 = 0.3, .batch_size = 4, .step = 3};
            update_table(rule, table, state, gradient, options);
            reference::update_table(rule, expected, expected_state, gradient, options);
            check_near(table, expected);
            for (size_t k = 0; k < state.size(); ++k) check_near(state[k].second, expected_state[k].second);
          }
        }
      }
    }
  });
}

TEST_CASE("gradients in bfloat16 give what the same in float do") {
  test::with_each_vectors([] {
    for (const BagCase& c : test::bag_cases()) {
      for (const auto type : {torch::kFloat, torch::kBFloat16}) {
        const auto updated = [&](torch::ScalarType gradient_type) {
          const BagCase second = test::random_case("", 2, c.dimension, c.table_rows, 6, 4, false, 99);
          TableGradient gradient{c.gradient(type), second.gradient(type, 3)};
          for (BagGradient& part : gradient)
            part.grad_out = part.grad_out.to(torch::kBFloat16).to(gradient_type);
          torch::Tensor table = c.table(type);
          update_table(UpdateRule::sgd, table, {}, gradient, {.learning_rate = 0.05, .l2 = 0.1});
          return table;
        };
        INFO(c.name << ", " << torch::toString(type));
        CHECK(torch::equal(updated(torch::kBFloat16), updated(torch::kFloat)));
      }
    }
  });
}

TEST_CASE("a row that very many ids name gets all their gradients") {
  std::vector<int32_t> rows(70'000, 1);
  rows.front() = 0;
  rows.back() = 2;
  const torch::Tensor offsets = torch::tensor({0, 600, 601, 70'000}, torch::kLong);
  test::with_each_vectors([&] {
    for (const int64_t D : {1, 16}) {
      const torch::Tensor grad = torch::tensor({1.f, 2.f, 3.f}).unsqueeze(1).expand({3, D});
      torch::Tensor table = torch::zeros({3, D});
      update_table(UpdateRule::sgd, table, {}, {{{torch::tensor(rows, torch::kInt), offsets, {}, 1}, grad}},
                   {.learning_rate = 1});
      CHECK(torch::equal(
          -table, torch::tensor({1.f, 599 * 1.f + 2.f + 69'398 * 3.f, 3.f}).unsqueeze(1).expand({3, D})));
    }
  });
}

TEST_CASE("a step without ids leaves a table as it is, but for dense Adam's") {
  for (const UpdateRule rule : kRules) {
    torch::Tensor table = torch::ones({3, 2});
    const TableState state = initial_state(rule, table);
    for (const auto& [name, values] : state) values.fill_(1);
    update_table(rule, table, state, of_rows({}, torch::empty({0, 2})), {.learning_rate = 0.1, .step = 2});
    CHECK(torch::equal(table, torch::ones({3, 2})) == (rule != UpdateRule::adam));
  }
}

TEST_CASE("updates give the same bits on any number of threads, and others for another seed of rounding") {
  const BagCase first = test::random_case("", 3, 16, 20'000, 30'000, 5, true, 7);
  const BagCase second = test::random_case("", 2, 16, 20'000, 10'000, 5, false, 8);
  for (const auto type : {torch::kFloat, torch::kBFloat16}) {
    for (const UpdateRule rule : kRules) {
      const auto result = [&](int threads, uint64_t seed) {
        const test::TorchThreads of_these(threads);
        torch::Tensor table = first.table(type);
        update_table(rule, table, initial_state(rule, table),
                     {first.gradient(type), second.shared_gradient(type, 3)},
                     {.learning_rate = 0.01, .l2 = 0.1, .batch_size = 8, .seed = seed});
        return table;
      };
      const torch::Tensor expected = result(1, 5);
      for (const int threads : {2, 3, 7}) CHECK(torch::equal(result(threads, 5), expected));
      CHECK(torch::equal(result(1, 6), expected) == (type == torch::kFloat));
    }
  }
}

TEST_CASE("steps too small for bfloat16 are not lost, and right on average") {
  torch::Tensor table = torch::ones({1000, 16}, torch::kBFloat16);
  std::vector<int32_t> rows(1000);
  for (size_t k = 0; k < rows.size(); ++k) rows[k] = static_cast<int32_t>(k);
  const TableGradient gradient = of_rows(rows, torch::ones({1000, 16}));
  for (int64_t step = 1; step <= 100; ++step)
    update_table(UpdateRule::sgd, table, {}, gradient, {.learning_rate = 1e-4, .step = step, .seed = 1});
  CHECK(table.to(torch::kFloat).mean().item<float>() == Approx(0.99).margin(3e-4));
}

TEST_CASE("an update that does not fit its table is a defect of the caller") {
  const auto update = [](torch::Tensor table, const TableState& state, const torch::Tensor& grad_out) {
    update_table(UpdateRule::rowwise_adagrad, table, state, of_rows({1}, grad_out), {});
  };
  const TableState state{{"sums", torch::zeros({3})}}, short_state{{"sums", torch::zeros({2})}};
  const torch::Tensor table = torch::zeros({3, 2}), grad = torch::zeros({1, 2});
  CHECK_NOTHROW(update(table, state, grad));
  CHECK_THROWS_AS(update(table, short_state, grad), InternalError);
  CHECK_THROWS_AS(update(table, {}, grad), InternalError);
  CHECK_THROWS_AS(update(table, state, torch::zeros({1, 3})), InternalError);
  CHECK_THROWS_AS(update(table, state, torch::zeros({2, 2})), InternalError);
  CHECK_THROWS_AS(update(table, state, grad.to(torch::kDouble)), InternalError);
  CHECK_THROWS_AS(update(table.to(torch::kDouble), {{"sums", torch::zeros({3}, torch::kDouble)}},
                         grad.to(torch::kBFloat16)),
                  InternalError);
  TableGradient mixed = of_rows({1}, grad);
  mixed.push_back(of_rows({1}, grad.to(torch::kBFloat16))[0]);
  torch::Tensor changed = table;
  CHECK_THROWS_AS(update_table(UpdateRule::rowwise_adagrad, changed, state, {}, {}), InternalError);
  CHECK_THROWS_AS(update_table(UpdateRule::rowwise_adagrad, changed, state, mixed, {}), InternalError);
  CHECK_THROWS_AS(update(torch::zeros({2, 3}).t(), state, grad), InternalError);
}

}  // namespace
}  // namespace esmm::ops
