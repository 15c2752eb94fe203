#include "esmm/ops/table_updates.h"

#include <ATen/Parallel.h>
#include <torch/optim/adam.h>

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/ops/reference.h"
#include "tests/ops/bag_cases.h"

namespace esmm::ops {
namespace {

using test::BagCase;

constexpr AdamOptions kAdam{.learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};

// A step's gradient: about half of the rows, others each step.
RowGradient gradient_of_step(int64_t step, int64_t V, int64_t D, torch::ScalarType type) {
  std::vector<int32_t> rows, counts;
  for (int64_t row = 0; row < V; ++row) {
    if ((row * 7 + step) % 3 != 0) continue;
    rows.push_back(static_cast<int32_t>(row));
    counts.push_back(static_cast<int32_t>(1 + row % 4));
  }
  const auto touched = static_cast<int64_t>(rows.size());
  return {torch::tensor(rows, torch::kInt),
          BagCase::filled({touched, D}, type, static_cast<uint64_t>(100 + step)),
          torch::tensor(counts, torch::kInt)};
}

double tolerance(torch::ScalarType type) { return type == torch::kFloat ? 3e-6 : 1e-13; }

bool near(const torch::Tensor& got, const torch::Tensor& expected, torch::ScalarType type) {
  return torch::allclose(got.to(torch::kDouble), expected.to(torch::kDouble), tolerance(type),
                         tolerance(type));
}

TEST_CASE("dense Adam moves a touched row by its gradient and an untouched one by its momentum") {
  torch::Tensor table = torch::tensor({{1.0}, {1.0}}, torch::kDouble);
  torch::Tensor m = torch::tensor({{0.0}, {0.5}}, torch::kDouble),
                v = torch::tensor({{0.0}, {0.25}}, torch::kDouble);
  const RowGradient gradient{torch::tensor({0}, torch::kInt), torch::tensor({{2.0}}, torch::kDouble),
                             torch::tensor({1}, torch::kInt)};
  const AdamOptions options{.learning_rate = 0.1, .beta1 = 0.5, .beta2 = 0.75, .epsilon = 0.0};
  adam_dense(table, m, v, gradient, 1, options, {});
  CHECK(m[0].item<double>() == 1.0);  // 0.5 * 2
  CHECK(v[0].item<double>() == 1.0);  // 0.25 * 4
  CHECK(table[0].item<double>() == Approx(1 - 0.1 * 2 / 2));
  CHECK(m[1].item<double>() == 0.25);    // 0.5 * 0.5
  CHECK(v[1].item<double>() == 0.1875);  // 0.75 * 0.25
  CHECK(table[1].item<double>() == Approx(1 - 0.1 * 0.5 / std::sqrt(0.75)));
}

TEST_CASE("dense Adam agrees with torch::optim::Adam over 20 steps") {
  for (const auto type : {torch::kFloat, torch::kDouble}) {
    for (const int64_t D : {1, 7, 16, 64}) {
      INFO("D " << D << (type == torch::kFloat ? ", float" : ", double"));
      const int64_t V = 50;
      torch::Tensor table = BagCase::filled({V, D}, type, 1);
      torch::Tensor m = torch::zeros({V, D}, type), v = torch::zeros({V, D}, type);
      torch::Tensor other = table.clone().requires_grad_();
      torch::optim::Adam adam({other}, torch::optim::AdamOptions(0.01));
      for (int64_t step = 1; step <= 20; ++step) {
        const RowGradient gradient = gradient_of_step(step, V, D, type);
        adam_dense(table, m, v, gradient, step, kAdam, {});
        other.mutable_grad() = torch::zeros({V, D}, type).index_add(0, gradient.rows, gradient.values);
        adam.step();
      }
      CHECK(near(table, other.detach(), type));
    }
  }
}

TEST_CASE("dense Adam with L2 agrees with the reference") {
  for (const auto type : {torch::kFloat, torch::kDouble}) {
    torch::Tensor table = BagCase::filled({40, 18}, type, 3);
    torch::Tensor m = torch::zeros_like(table), v = torch::zeros_like(table);
    torch::Tensor table2 = table.to(torch::kDouble, false, true), m2 = m.to(torch::kDouble, false, true),
                  v2 = v.to(torch::kDouble, false, true);
    const L2 l2{.strength = 0.3, .batch_size = 4};
    for (int64_t step = 1; step <= 5; ++step) {
      const RowGradient gradient = gradient_of_step(step, 40, 18, type);
      adam_dense(table, m, v, gradient, step, kAdam, l2);
      reference::adam_dense(table2, m2, v2, gradient, step, kAdam, l2);
    }
    CHECK(near(table, table2, type));
    CHECK(near(m, m2, type));
    CHECK(near(v, v2, type));
  }
}

TEST_CASE("row-wise Adagrad divides by the root of the row's mean squares") {
  torch::Tensor table = torch::tensor({{1.0, 1.0}, {5.0, 5.0}}, torch::kDouble);
  torch::Tensor s = torch::tensor({7.5, 3.0}, torch::kDouble);
  const RowGradient gradient{torch::tensor({0}, torch::kInt), torch::tensor({{4.0, 1.0}}, torch::kDouble),
                             torch::tensor({1}, torch::kInt)};
  adagrad_rowwise(table, s, gradient, 0.5, 1.0, {});
  CHECK(torch::equal(s, torch::tensor({16.0, 3.0}, torch::kDouble)));  // 7.5 + (16 + 1) / 2
  CHECK(torch::allclose(table,
                        torch::tensor({{1 - 0.5 * 4 / 5, 1 - 0.5 * 1 / 5}, {5.0, 5.0}}, torch::kDouble)));
}

TEST_CASE("L2 pulls a looked-up row to zero, once per look-up") {
  torch::Tensor table = torch::tensor({{10.0}, {10.0}}, torch::kDouble),
                s = torch::zeros({2}, torch::kDouble);
  const RowGradient gradient{torch::tensor({1}, torch::kInt), torch::tensor({{0.0}}, torch::kDouble),
                             torch::tensor({3}, torch::kInt)};
  adagrad_rowwise(table, s, gradient, 1.0, 0.0, {.strength = 0.2, .batch_size = 2});
  CHECK(s[1].item<double>() == Approx(9.0));  // (0.2 * 3 / 2 * 10)^2
  CHECK(table[0].item<double>() == 10.0);
  CHECK(table[1].item<double>() == Approx(9.0));
}

TEST_CASE("row-wise Adagrad agrees with the reference") {
  for (const auto type : {torch::kFloat, torch::kDouble}) {
    for (const int64_t D : {1, 7, 8, 16, 18, 32, 64}) {
      torch::Tensor table = BagCase::filled({60, D}, type, 4), s = torch::zeros({60}, type);
      torch::Tensor table2 = table.to(torch::kDouble, false, true), s2 = s.to(torch::kDouble, false, true);
      const L2 l2{.strength = 0.1, .batch_size = 3};
      for (int64_t step = 1; step <= 5; ++step) {
        const RowGradient gradient = gradient_of_step(step, 60, D, type);
        adagrad_rowwise(table, s, gradient, 0.05, 1e-8, l2);
        reference::adagrad_rowwise(table2, s2, gradient, 0.05, 1e-8, l2);
      }
      INFO("D " << D);
      CHECK(near(table, table2, type));
      CHECK(near(s, s2, type));
    }
  }
}

TEST_CASE("a step without ids leaves Adagrad's table as it is and still moves Adam's") {
  const RowGradient nothing{torch::empty({0}, torch::kInt), torch::empty({0, 2}),
                            torch::empty({0}, torch::kInt)};
  torch::Tensor table = torch::ones({3, 2}), s = torch::ones({3});
  adagrad_rowwise(table, s, nothing, 0.1, 1e-8, {});
  CHECK(torch::equal(table, torch::ones({3, 2})));
  torch::Tensor m = torch::ones({3, 2}), v = torch::ones({3, 2});
  adam_dense(table, m, v, nothing, 2, kAdam, {});
  CHECK((table < 1).all().item<bool>());
}

TEST_CASE("updates give the same bits on any number of threads") {
  const int before = at::get_num_threads();
  const int64_t V = 20'000, D = 16;
  std::vector<torch::Tensor> results;
  for (const int threads : {1, 3}) {
    at::set_num_threads(threads);
    torch::Tensor table = BagCase::filled({V, D}, torch::kFloat, 8), m = torch::zeros({V, D}),
                  v = torch::zeros({V, D});
    torch::Tensor s = torch::zeros({V});
    const RowGradient gradient = gradient_of_step(1, V, D, torch::kFloat);
    adam_dense(table, m, v, gradient, 1, kAdam, {.strength = 0.1, .batch_size = 8});
    adagrad_rowwise(table, s, gradient, 0.1, 1e-8, {});
    results.push_back(table);
  }
  at::set_num_threads(before);
  CHECK(torch::equal(results[0], results[1]));
}

TEST_CASE("an update that does not fit its table is a defect of the caller") {
  torch::Tensor table = torch::zeros({3, 2}), s = torch::zeros({3}), short_s = torch::zeros({2});
  const auto gradient = [](std::vector<int32_t> rows) {
    const auto touched = static_cast<int64_t>(rows.size());
    return RowGradient{torch::tensor(rows, torch::kInt), torch::zeros({touched, 2}),
                       torch::ones({touched}, torch::kInt)};
  };
  CHECK_THROWS_AS(adagrad_rowwise(table, s, gradient({3}), 0.1, 0.1, {}), InternalError);
  CHECK_THROWS_AS(adagrad_rowwise(table, s, gradient({-1}), 0.1, 0.1, {}), InternalError);
  CHECK_THROWS_AS(adagrad_rowwise(table, s, gradient({1, 1}), 0.1, 0.1, {}), InternalError);
  CHECK_THROWS_AS(adagrad_rowwise(table, short_s, gradient({1}), 0.1, 0.1, {}), InternalError);
  torch::Tensor columns = torch::zeros({2, 3}).t();
  CHECK_THROWS_AS(adagrad_rowwise(columns, s, gradient({1}), 0.1, 0.1, {}), InternalError);
}

}  // namespace
}  // namespace esmm::ops
