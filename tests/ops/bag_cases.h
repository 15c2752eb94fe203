#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "esmm/core/random.h"
#include "esmm/ops/bags.h"
#include "esmm/ops/table_updates.h"

namespace esmm::test {

// Bags for a table of V rows.
struct BagCase {
  std::string name;
  int64_t fields, dimension, table_rows;
  std::vector<int32_t> rows;
  std::vector<int64_t> offsets;
  std::vector<double> weights;  // empty: undefined

  int64_t batch() const { return (static_cast<int64_t>(offsets.size()) - 1) / fields; }
  ops::TableBags bags() const {
    return {.rows = torch::tensor(rows, torch::kInt),
            .offsets = torch::tensor(offsets, torch::kLong),
            .weights = weights.empty() ? torch::Tensor() : torch::tensor(weights, torch::kFloat),
            .fields = fields};
  }
  torch::Tensor table(torch::ScalarType type) const { return filled({table_rows, dimension}, type, 1); }
  ops::BagGradient gradient(torch::ScalarType table_type, uint64_t seed = 2) const {
    return {bags(), filled({batch(), fields * dimension}, ops::sum_type(table_type), seed)};
  }

  // Of rows of bags that 1, 2 or 3 impressions share, with three different scales.
  ops::BagGradient shared_gradient(torch::ScalarType table_type, uint64_t seed = 2) const {
    ops::BagGradient part = gradient(table_type, seed);
    const torch::Tensor kind = torch::arange(batch(), torch::kInt).remainder(3);
    part.shared =
        ops::SharedBags{.impressions = 1 + kind, .scale = (0.5 + kind).to(ops::sum_type(table_type))};
    return part;
  }

  // Numbers in [-1, 1), always the same.
  static torch::Tensor filled(const std::vector<int64_t>& shape, torch::ScalarType type, uint64_t seed) {
    torch::Tensor values = torch::empty(shape, torch::kDouble);
    Random random(seed);
    for (int64_t i = 0; i < values.numel(); ++i)
      values.mutable_data_ptr<double>()[i] = 2 * random.uniform() - 1;
    return values.to(type);
  }
};

// `bags` bags of up to `longest` ids among all rows, every third weight 0 where there are weights.
inline BagCase random_case(std::string name, int64_t fields, int64_t dimension, int64_t table_rows,
                           int64_t bags, uint64_t longest, bool weighted, uint64_t seed) {
  BagCase result{std::move(name), fields, dimension, table_rows, {}, {0}, {}};
  Random random(seed);
  for (int64_t bag = 0; bag < bags; ++bag) {
    for (uint64_t k = random.below(longest + 1); k > 0; --k) {
      result.rows.push_back(static_cast<int32_t>(random.below(static_cast<uint64_t>(table_rows))));
      if (weighted) result.weights.push_back(k % 3 == 0 ? 0.0 : random.uniform() * 4 - 2);
    }
    result.offsets.push_back(static_cast<int64_t>(result.rows.size()));
  }
  return result;
}

inline std::vector<BagCase> bag_cases() {
  std::vector<BagCase> cases{
      {"no rows in the batch", 2, 16, 5, {}, {0}, {}},
      {"all bags empty", 2, 16, 5, {}, {0, 0, 0, 0, 0}, {}},
      {"one table row", 1, 7, 1, {0, 0, 0}, {0, 1, 3}, {}},
      {"one id many times in a bag", 1, 16, 4, {2, 2, 2, 2, 1}, {0, 4, 5}, {1, 2, 3, 4, 5}},
      {"all ids equal", 3, 8, 9, {8, 8, 8, 8, 8, 8}, {0, 1, 2, 3, 4, 5, 6}, {}},
      {"ids at both ends", 2, 18, 1000, {0, 999, 999, 0}, {0, 1, 2, 3, 4}, {0.5, -1, 2, 0}},
      {"zero weights", 2, 16, 6, {1, 2, 3, 4}, {0, 2, 4}, {0, 0, 0, 0}},
      {"empty bags at begin and end", 2, 16, 6, {1, 5}, {0, 0, 1, 2, 2}, {}},
      // Half-half bags of mean pooling, and one whose weights sum to 0.
      {"sum and mean", 2, 16, 6, {1, 1, 5, 2, 3}, {0, 2, 3, 4, 5}, {0.5, 0.5, 1, 0, 3}},
      random_case("many rows", 2, 16, 200, 80, 5, true, 9)};
  uint64_t seed = 10;
  for (const int64_t dimension : {1, 7, 8, 16, 18, 32, 64, 95, 128}) {
    for (const int64_t fields : {1, 3}) {
      for (const bool weighted : {false, true}) {
        const std::string name = "random, D " + std::to_string(dimension) + ", F " + std::to_string(fields) +
                                 (weighted ? ", weighted" : "");
        cases.push_back(random_case(name, fields, dimension, 11, 12, 5, weighted, ++seed));
      }
    }
  }
  return cases;
}

constexpr ops::UpdateRule kRules[] = {ops::UpdateRule::sgd, ops::UpdateRule::adagrad,
                                      ops::UpdateRule::rowwise_adagrad, ops::UpdateRule::lazy_adam,
                                      ops::UpdateRule::adam};

// A rule's state in the middle of a training.
inline ops::TableState filled_state(ops::UpdateRule rule, const torch::Tensor& table) {
  ops::TableState state = ops::initial_state(rule, table);
  for (auto& [name, values] : state)
    values.copy_(BagCase::filled(values.sizes().vec(), values.scalar_type(), 20).abs());
  return state;
}

}  // namespace esmm::test
