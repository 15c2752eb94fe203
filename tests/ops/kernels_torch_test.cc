#include <catch2/catch.hpp>

#include "esmm/ops/kernels.h"
#include "esmm/ops/reference.h"
#include "tests/ops/bag_cases.h"

namespace esmm::ops {
namespace {

using test::BagCase;

// With weights of the table's type, as the kernels take them.
BagGradient gradient_of(const BagCase& c) {
  BagGradient part = c.gradient(torch::kDouble);
  if (part.bags.weights.defined()) part.bags.weights = part.bags.weights.to(torch::kDouble);
  return part;
}

bool close_to(const torch::Tensor& got, const torch::Tensor& expected) {
  return got.sizes() == expected.sizes() &&
         torch::allclose(got.to(torch::kDouble), expected.to(torch::kDouble), 1e-12, 1e-12);
}

TEST_CASE("the operators of other devices agree with the reference in every corner") {
  for (const BagCase& c : test::bag_cases()) {
    INFO(c.name);
    const torch::Tensor start = c.table(torch::kDouble);
    const BagGradient part = gradient_of(c);
    BagGradient shared = part;
    shared.shared = c.shared_gradient(torch::kDouble).shared;
    CHECK(close_to(any_device::bags_forward(start, part.bags, sum_type(start.scalar_type())),
                   reference::bags_forward(start, part.bags)));
    for (const UpdateRule rule : test::kRules) {
      INFO("rule " << static_cast<int>(rule));
      torch::Tensor tables[] = {start.clone(), start.clone()};
      TableState states[] = {initial_state(rule, start), initial_state(rule, start)};
      for (size_t k = 0; k < states[0].size(); ++k) {
        states[0][k].second.copy_(
            BagCase::filled(states[0][k].second.sizes().vec(), torch::kDouble, 9).abs());
        states[1][k].second.copy_(states[0][k].second);
      }
      const UpdateOptions options{.learning_rate = 0.05, .l2 = 0.5, .batch_size = 4, .step = 3};
      any_device::update_table(rule, tables[0], states[0], {part, shared}, options);
      reference::update_table(rule, tables[1], states[1], {part, shared}, options);
      CHECK(close_to(tables[0], tables[1]));
      for (size_t k = 0; k < states[0].size(); ++k) CHECK(close_to(states[0][k].second, states[1][k].second));
    }
  }
}

TEST_CASE("other devices round a bfloat16 table as the CPU does, bit for bit") {
  // Steps of 2^-10 in numbers near 1: exact in float, between two numbers of bfloat16.
  const BagCase c = test::random_case("", 2, 18, 200, 300, 4, false, 4);
  BagGradient part = c.gradient(torch::kBFloat16);
  part.grad_out = (part.grad_out * 8).round();
  const UpdateOptions options{.learning_rate = 1.0 / 1024, .step = 7, .seed = 12345678901234567ULL};
  torch::Tensor tables[] = {(1 + c.table(torch::kFloat).abs()).to(torch::kBFloat16), {}};
  tables[1] = tables[0].clone();
  any_device::update_table(UpdateRule::sgd, tables[0], {}, {part}, options);
  cpu::update_table(UpdateRule::sgd, tables[1], {}, {part}, options);
  CHECK(torch::equal(tables[0], tables[1]));
}

}  // namespace
}  // namespace esmm::ops
