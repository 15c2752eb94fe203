#include "esmm/ops/cuda/grid_update.h"

#include <catch2/catch.hpp>
#include <type_traits>

#include "esmm/ops/reference.h"
#include "tests/ops/bag_cases.h"
#include "tests/ops/cuda/grid_case.h"

// The functions that the GPU's threads run, run by the CPU one thread after the other.
namespace esmm::ops {
namespace {

using test::BagCase;
using test::filled_state;
using test::kRules;

// All groups of all kernels, in the order of their launches.
template <int kW, class Rule, class E>
void run(const GridUpdate<Rule, E>& grid, int64_t table_rows) {
  const test::OneLane lane;
  const int64_t places = grid.ids.sorted.count;
  for (int64_t place = places - 1; place >= 0; --place) update_piece<kW>(grid, lane, place);
  for (int64_t tile = tiles_of(places); tile >= 0; --tile) update_split_run<kW>(grid, lane, tile);
  if constexpr (Rule::kMovesAll) {
    for (int64_t row = 0; row < table_rows; ++row) update_rest<kW>(grid, lane, row);
  }
}

template <class E>
void run_update(UpdateRule name, int width, const torch::Tensor& table, const TableState& state,
                const TableGradient& gradient, const UpdateOptions& options, int64_t padding = 0) {
  test::GridCase ids(gradient, table.size(0), table.size(1), padding);
  with_element_rule<float>(name, options, [&](const auto& rule) {
    using Rule = std::decay_t<decltype(rule)>;
    const GridStep<Rule> step(options);
    const auto grid = ids.update<Rule, E>(step, table, state);
    if (width == 4) run<4>(grid, table.size(0));
    if (width == 2) run<2>(grid, table.size(0));
    if (width == 1) run<1>(grid, table.size(0));
  });
}

// A table after an update, which must agree with the reference's.
template <class E>
torch::Tensor checked_update(UpdateRule rule, int width, const torch::Tensor& start,
                             const TableGradient& gradient, int64_t padding = 0) {
  const UpdateOptions options{
      .learning_rate = 0.05, .epsilon = 1e-4, .l2 = 0.3, .batch_size = 4, .step = 3, .seed = 5};
  const torch::Tensor table = start.clone();
  torch::Tensor expected = start.to(torch::kDouble, false, /*copy=*/true);
  const TableState state = filled_state(rule, table);
  TableState expected_state;
  for (const auto& [name, values] : state) expected_state.emplace_back(name, values.to(torch::kDouble));
  run_update<E>(rule, width, table, state, gradient, options, padding);
  reference::update_table(rule, expected, expected_state, gradient, options);
  const bool halves = std::is_same_v<E, Bfloat16>;
  CHECK(torch::allclose(table.to(torch::kDouble), expected, halves ? 1.0 / 128 : 5e-6, 5e-6));
  for (size_t k = 0; k < state.size(); ++k)
    CHECK(torch::allclose(state[k].second.to(torch::kDouble), expected_state[k].second, 5e-6, 5e-6));
  return table;
}

void check_all_types(UpdateRule rule, int width, const BagCase& c, const TableGradient& gradient) {
  INFO(c.name << ", " << gradient.size() << " parts, rule " << static_cast<int>(rule) << ", width " << width);
  checked_update<float>(rule, width, c.table(torch::kFloat), gradient);
  checked_update<Bfloat16>(rule, width, c.table(torch::kBFloat16), gradient);
}

TEST_CASE(
    "the GPU's update agrees with the reference in every corner, of one part and of two, in any width") {
  for (const BagCase& c : test::bag_cases()) {
    TableGradient gradient{c.gradient(torch::kFloat)};
    for (const int parts : {1, 2}) {
      const BagCase second = test::random_case("", 2, c.dimension, c.table_rows, 6, 4, false, 99);
      if (parts == 2) gradient.push_back(second.shared_gradient(torch::kFloat, 3));
      for (const UpdateRule rule : kRules) {
        for (const int width : {1, 2, 4}) {
          if (c.dimension % width == 0) check_all_types(rule, width, c, gradient);
        }
      }
    }
  }
}

TEST_CASE("the GPU's update takes as many parts as there may be, of which some are empty") {
  static_assert(kMostGradientParts == 4);
  for (const bool weighted : {false, true}) {
    const auto drawn = [&](int64_t bags, uint64_t seed) {
      return test::random_case("four parts", 2, 16, 30, bags, 20, weighted, seed);
    };
    const TableGradient gradient{drawn(40, 1).shared_gradient(torch::kFloat, 2),
                                 drawn(0, 2).gradient(torch::kFloat), drawn(30, 3).gradient(torch::kFloat),
                                 drawn(20, 4).shared_gradient(torch::kFloat, 5)};
    for (const UpdateRule rule : kRules) check_all_types(rule, 4, drawn(40, 1), gradient);
  }
}

// Rows of very different counts: 0 has half of the ids, runs end on and around the tiles' ends.
TableGradient zipf_gradient(int64_t dimension, bool weighted) {
  BagCase c = test::random_case("", 2, dimension, 40, 900, 3, weighted, 8);
  for (size_t i = 0; i < c.rows.size(); i += 2) c.rows[i] = 0;
  for (size_t i = 1; i < c.rows.size(); i += 6) c.rows[i] = 39;
  return {c.gradient(torch::kFloat)};
}

TEST_CASE("the GPU's update sums rows of many ids in pieces") {
  for (const bool weighted : {false, true}) {
    for (const UpdateRule rule : kRules) {
      const torch::Tensor start = BagCase::filled({40, 8}, torch::kFloat, 1);
      checked_update<float>(rule, 4, start, zipf_gradient(8, weighted));
      checked_update<Bfloat16>(rule, 1, start.to(torch::kBFloat16), zipf_gradient(8, weighted));
    }
  }
}

TEST_CASE("the GPU's update knows a row of many ids for one user's, and counts its impressions") {
  for (const bool weighted : {false, true}) {
    for (const bool of_one : {true, false}) {
      TableGradient gradient = zipf_gradient(8, weighted);
      const int64_t bags = gradient[0].grad_out.size(0);
      torch::Tensor scale = torch::full({bags}, 0.25, torch::kFloat);
      if (!of_one) scale[bags - 1] = 3;
      gradient[0].shared = SharedBags{torch::arange(bags, torch::kInt), scale};
      for (const UpdateRule rule : kRules)
        checked_update<float>(rule, 4, BagCase::filled({40, 8}, torch::kFloat, 1), gradient);
    }
  }
}

TEST_CASE("padding behind the ids changes nothing") {
  const torch::Tensor start = BagCase::filled({40, 8}, torch::kFloat, 1);
  for (const UpdateRule rule : kRules) {
    const torch::Tensor without = checked_update<float>(rule, 4, start, zipf_gradient(8, true));
    CHECK(torch::equal(checked_update<float>(rule, 4, start, zipf_gradient(8, true), 300), without));
  }
}

TEST_CASE("users behind the last, whose bags are empty, change nothing") {
  const BagCase users = test::random_case("", 2, 8, 40, 30, 4, true, 99);
  TableGradient gradient = zipf_gradient(8, false), padded = gradient;
  gradient.push_back(users.shared_gradient(torch::kFloat, 3));
  padded.push_back(users.shared_gradient(torch::kFloat, 3));
  auto& [bags, grad_out, shared] = padded[1];
  bags.offsets = torch::cat({bags.offsets, torch::full({3 * 2}, bags.rows.numel(), torch::kLong)});
  grad_out = torch::cat({grad_out, torch::zeros({3, 2 * 8})});
  shared = SharedBags{torch::cat({shared->impressions, torch::zeros({3}, torch::kInt)}),
                      torch::cat({shared->scale, torch::ones({3})})};
  const torch::Tensor start = BagCase::filled({40, 8}, torch::kFloat, 1);
  for (const UpdateRule rule : kRules) {
    CHECK(torch::equal(checked_update<float>(rule, 4, start, padded, 300),
                       checked_update<float>(rule, 4, start, gradient)));
  }
}

TEST_CASE("the GPU's update takes a gradient in bfloat16") {
  TableGradient gradient = zipf_gradient(8, true);
  gradient[0].grad_out = gradient[0].grad_out.to(torch::kBFloat16);
  checked_update<float>(UpdateRule::adagrad, 4, BagCase::filled({40, 8}, torch::kFloat, 1), gradient);
}

TEST_CASE("the GPU's update rounds a bfloat16 table as the CPU does, bit for bit") {
  // Steps of 2^-10 in numbers near 1: exact in float, between two numbers of bfloat16.
  const BagCase c = test::random_case("", 2, 18, 200, 300, 4, false, 4);
  BagGradient part = c.gradient(torch::kBFloat16);
  part.grad_out = (part.grad_out * 8).round();
  const UpdateOptions options{.learning_rate = 1.0 / 1024, .step = 7, .seed = 12345678901234567ULL};
  torch::Tensor tables[] = {(1 + c.table(torch::kFloat).abs()).to(torch::kBFloat16), {}};
  tables[1] = tables[0].clone();
  run_update<Bfloat16>(UpdateRule::sgd, 2, tables[0], {}, {part}, options);
  update_table(UpdateRule::sgd, tables[1], {}, {part}, options);
  CHECK(torch::equal(tables[0], tables[1]));
}

}  // namespace
}  // namespace esmm::ops
