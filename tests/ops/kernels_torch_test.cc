#include <array>

#include <catch2/catch.hpp>

#include "esmm/ops/kernels.h"
#include "esmm/ops/reference.h"
#include "tests/ops/bag_cases.h"

namespace esmm::ops {
namespace {

using test::BagCase;

bool close_to(const torch::Tensor& got, const torch::Tensor& expected) {
  return got.sizes() == expected.sizes() && torch::allclose(got.to(torch::kDouble), expected.to(torch::kDouble), 1e-12, 1e-12);
}

TEST_CASE("the operators of other devices agree with the reference in every corner") {
  for (const BagCase& c : test::bag_cases()) {
    INFO(c.name);
    const auto table = c.table(torch::kDouble), rows = c.rows_tensor(), offsets = c.offsets_tensor();
    const auto weights = c.weights_tensor(torch::kDouble), grad_out = c.grad_out(torch::kDouble);
    CHECK(close_to(any_device::bags_forward(table, rows, offsets, weights, c.fields),
                   reference::bags_forward(table, rows, offsets, weights, c.fields)));

    const RowGradient got = any_device::bags_backward(grad_out.view({offsets.numel() - 1, c.dimension}), rows, offsets,
                                                      weights, c.table_rows);
    const RowGradient expected = reference::bags_backward(grad_out, rows, offsets, weights, c.fields, c.table_rows);
    CHECK(torch::equal(got.rows, expected.rows));
    CHECK(torch::equal(got.counts, expected.counts));
    CHECK(close_to(got.values, expected.values));
  }
}

TEST_CASE("the updates of other devices agree with the reference, L2 included") {
  const RowGradient gradient{torch::tensor({1, 4}, torch::kInt), BagCase::filled({2, 3}, torch::kDouble, 7),
                             torch::tensor({2, 1}, torch::kInt)};
  const L2 l2{.strength = 0.5, .batch_size = 4};
  const AdamOptions adam{.learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
  std::array<torch::Tensor, 2> tables, ms, vs, adagrad_tables, sums;
  for (int k = 0; k < 2; ++k) {
    tables[k] = BagCase::filled({6, 3}, torch::kDouble, 8);
    ms[k] = BagCase::filled({6, 3}, torch::kDouble, 9);
    vs[k] = BagCase::filled({6, 3}, torch::kDouble, 10).abs();
    adagrad_tables[k] = tables[k].clone();
    sums[k] = BagCase::filled({6}, torch::kDouble, 11).abs();
  }
  any_device::adam_dense(tables[0], ms[0], vs[0], gradient, 3, adam, l2);
  reference::adam_dense(tables[1], ms[1], vs[1], gradient, 3, adam, l2);
  CHECK(close_to(tables[0], tables[1]));
  CHECK(close_to(ms[0], ms[1]));
  CHECK(close_to(vs[0], vs[1]));

  any_device::adagrad_rowwise(adagrad_tables[0], sums[0], gradient, 0.1, 1e-8, l2);
  reference::adagrad_rowwise(adagrad_tables[1], sums[1], gradient, 0.1, 1e-8, l2);
  CHECK(close_to(adagrad_tables[0], adagrad_tables[1]));
  CHECK(close_to(sums[0], sums[1]));
}

}  // namespace
}  // namespace esmm::ops
