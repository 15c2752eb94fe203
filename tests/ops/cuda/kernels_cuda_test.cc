#include <catch2/catch.hpp>
#include <utility>

#include "esmm/ops/bags.h"
#include "esmm/ops/reference.h"
#include "esmm/ops/table_updates.h"
#include "tests/ops/bag_cases.h"
#include "tests/ops/cuda/gpu.h"

namespace esmm::ops {
namespace {

using test::BagCase;
using test::filled_state;
using test::kRules;
using torch::Tensor;

Tensor on_gpu(const Tensor& tensor) { return tensor.defined() ? tensor.to(torch::kCUDA) : tensor; }

TableBags on_gpu(const TableBags& bags) {
  return {.rows = on_gpu(bags.rows),
          .offsets = on_gpu(bags.offsets),
          .weights = on_gpu(bags.weights),
          .fields = bags.fields,
          .checked_rows = bags.checked_rows};
}

TableGradient on_gpu(const TableGradient& gradient) {
  TableGradient moved;
  for (const auto& [bags, grad_out, shared] : gradient) {
    moved.push_back({on_gpu(bags), on_gpu(grad_out)});
    if (shared) moved.back().shared = SharedBags{on_gpu(shared->impressions), on_gpu(shared->scale)};
  }
  return moved;
}

TableState on_gpu(const TableState& state) {
  TableState moved;
  for (const auto& [name, values] : state) moved.emplace_back(name, on_gpu(values));
  return moved;
}

Tensor as_double(const Tensor& tensor) {
  return tensor.to(torch::kCPU, torch::kDouble, false, /*copy=*/true);
}

constexpr UpdateOptions kOptions{
    .learning_rate = 0.05, .epsilon = 1e-4, .l2 = 0.3, .batch_size = 4, .step = 3, .seed = 5};

// A table and its state after an update on the GPU.
std::pair<Tensor, TableState> updated(UpdateRule rule, const Tensor& start, const TableGradient& gradient) {
  Tensor table = start.to(torch::kCUDA, false, /*copy=*/true);
  const TableState state = on_gpu(filled_state(rule, start));
  update_table(rule, table, state, on_gpu(gradient), kOptions);
  return {table.cpu(), state};
}

void check_update(UpdateRule rule, const Tensor& start, const TableGradient& gradient) {
  const auto [table, state] = updated(rule, start, gradient);
  Tensor expected = as_double(start);
  TableState expected_state = filled_state(rule, start);
  for (auto& [name, values] : expected_state) values = as_double(values);
  reference::update_table(rule, expected, expected_state, gradient, kOptions);
  const double relative = start.scalar_type() == torch::kFloat ? 5e-6 : 1.0 / 128;
  CHECK(torch::allclose(as_double(table), expected, relative, 5e-6));
  for (size_t k = 0; k < state.size(); ++k)
    CHECK(torch::allclose(as_double(state[k].second), expected_state[k].second, 5e-6, 5e-6));
}

TEST_CASE("on a GPU, bags agree with the reference in every corner", "[gpu]") {
  if (!test::has_gpu()) return;
  for (const BagCase& c : test::bag_cases()) {
    for (const auto type : {torch::kFloat, torch::kBFloat16, torch::kDouble}) {
      INFO(c.name << ", " << torch::toString(type));
      const Tensor table = c.table(type);
      const Tensor got = bags_forward(on_gpu(table), on_gpu(c.bags()));
      CHECK((got.is_cuda() && got.scalar_type() == sum_type(type)));
      const Tensor expected = reference::bags_forward(table, c.bags());
      CHECK(torch::allclose(as_double(got), expected, 1e-5, 1e-5));
      if (type == torch::kDouble) continue;
      const Tensor rounded = bags_forward(on_gpu(table), on_gpu(c.bags()), torch::kBFloat16);
      CHECK(torch::allclose(as_double(rounded), expected, 1.0 / 128, 1e-5));
    }
  }
}

TEST_CASE("on a GPU, every rule agrees with the reference in every corner, of one part and of two", "[gpu]") {
  if (!test::has_gpu()) return;
  for (const BagCase& c : test::bag_cases()) {
    for (const auto type : {torch::kFloat, torch::kBFloat16}) {
      TableGradient gradient{c.gradient(type)};
      for (const int parts : {1, 2}) {
        const BagCase second = test::random_case("", 2, c.dimension, c.table_rows, 6, 4, false, 99);
        if (parts == 2) gradient.push_back(second.shared_gradient(type, 3));
        for (const UpdateRule rule : kRules) {
          INFO(c.name << ", " << torch::toString(type) << ", " << parts << " parts, rule "
                      << static_cast<int>(rule));
          check_update(rule, c.table(type), gradient);
          TableGradient rounded = gradient;
          for (BagGradient& part : rounded) part.grad_out = part.grad_out.to(torch::kBFloat16);
          check_update(rule, c.table(type), rounded);
        }
      }
    }
  }
}

// 90,000 ids, of which rows 0 and 7 have a third each.
TableGradient skewed_gradient(int64_t dimension, bool weighted) {
  BagCase c = test::random_case("", 3, dimension, 20'000, 30'000, 6, weighted, 7);
  for (size_t i = 0; i < c.rows.size(); ++i) {
    if (i % 3 < 2) c.rows[i] = i % 3 == 0 ? 0 : 7;
  }
  return {c.gradient(torch::kFloat)};
}

TEST_CASE("on a GPU, updates give the same bits each time, and rows of many ids all their gradients",
          "[gpu]") {
  if (!test::has_gpu()) return;
  for (const int64_t dimension : {1, 16, 18, 128, 200}) {
    for (const UpdateRule rule : kRules) {
      INFO("D " << dimension << ", rule " << static_cast<int>(rule));
      const Tensor start = BagCase::filled({20'000, dimension}, torch::kFloat, 1);
      const TableGradient gradient = skewed_gradient(dimension, dimension == 16);
      const Tensor first = updated(rule, start, gradient).first;
      for (int again = 0; again < 3; ++again)
        CHECK(torch::equal(updated(rule, start, gradient).first, first));
      Tensor on_cpu = start.clone();
      update_table(rule, on_cpu, filled_state(rule, start), gradient, kOptions);
      CHECK(torch::allclose(first, on_cpu, 1e-4, 1e-4));
    }
  }
}

TEST_CASE("on a GPU, a bfloat16 table is rounded as on the CPU, bit for bit", "[gpu]") {
  if (!test::has_gpu()) return;
  // Steps of 2^-10 in numbers near 1: exact in float, between two numbers of bfloat16.
  const BagCase c = test::random_case("", 2, 18, 200, 300, 4, false, 4);
  BagGradient part = c.gradient(torch::kBFloat16);
  part.grad_out = (part.grad_out * 8).round();
  const UpdateOptions options{.learning_rate = 1.0 / 1024, .step = 7, .seed = 12345678901234567ULL};
  Tensor on_cpu = (1 + c.table(torch::kFloat).abs()).to(torch::kBFloat16), table = on_gpu(on_cpu);
  update_table(UpdateRule::sgd, on_cpu, {}, {part}, options);
  update_table(UpdateRule::sgd, table, {}, on_gpu(TableGradient{part}), options);
  CHECK(torch::equal(table.cpu(), on_cpu));
}

}  // namespace
}  // namespace esmm::ops
