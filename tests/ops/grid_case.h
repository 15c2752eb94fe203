#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "esmm/ops/bfloat16.h"
#include "esmm/ops/grid_update.h"
#include "esmm/ops/table_updates.h"

namespace esmm::test {

// A group of one thread, which is a team of its own.
struct OneLane {
  int lane() const { return 0; }
  int lanes() const { return 1; }
  float sum(float x) const { return x; }
  float team_sum(float x) const { return x; }
  int team() const { return 0; }
  int teams() const { return 1; }
  void wait() const {}
};

// An update as the GPU's kernels get it, in the CPU's memory: ids sorted, work space made.
struct GridCase {
  std::vector<uint32_t> rows, entries, bags;
  std::vector<float> weights, sums;
  std::vector<uint8_t> touched;
  std::vector<ops::Share<float>> shares, piece_shares;  // of each bag; empty: none
  ops::TableGradient gradient;                          // keeps its memory

  // `padding`: so many places more than there are ids.
  GridCase(const ops::TableGradient& of, int64_t table_rows, int64_t dimension, int64_t padding = 0)
      : gradient(of) {
    std::vector<uint32_t> row_at;
    uint32_t first_bag = 0;
    bool weighted = false;
    bool shared = false;
    for (const auto& [of_bags, grad_out, of_users] : gradient) {
      const auto* offsets = of_bags.offsets.const_data_ptr<int64_t>();
      const int64_t count = of_bags.offsets.numel() - 1;
      weighted |= of_bags.weights.defined();
      for (int64_t i = 0; i < of_bags.rows.numel(); ++i) {
        row_at.push_back(static_cast<uint32_t>(of_bags.rows.const_data_ptr<int32_t>()[i]));
        bags.push_back(first_bag + static_cast<uint32_t>(ops::bag_of_place(offsets, count, i)));
        weights.push_back(of_bags.weights.defined() ? of_bags.weights.const_data_ptr<float>()[i] : 1.0f);
      }
      first_bag += static_cast<uint32_t>(count);
      shared |= of_users.has_value();
      for (int64_t bag = 0; bag < count; ++bag) {
        const int64_t b = bag / of_bags.fields;
        shares.push_back(of_users
                             ? ops::Share<float>{static_cast<uint32_t>(of_users->impressions[b].item<int>()),
                                                 of_users->scale[b].item<float>()}
                             : ops::Share<float>{});
      }
    }
    if (!shared) shares.clear();
    row_at.resize(row_at.size() + static_cast<size_t>(padding), static_cast<uint32_t>(table_rows));
    bags.resize(row_at.size());
    entries.resize(row_at.size());
    std::iota(entries.begin(), entries.end(), 0U);
    std::stable_sort(entries.begin(), entries.end(),
                     [&](uint32_t a, uint32_t b) { return row_at[a] < row_at[b]; });
    for (const uint32_t entry : entries) rows.push_back(row_at[entry]);
    if (!weighted) {
      for (uint32_t& entry : entries) entry = bags[entry];
      weights.clear();
    }
    sums.resize(static_cast<size_t>(2 * ops::tiles_of(count()) * dimension), 1e30f);
    touched.resize(static_cast<size_t>(table_rows));
    piece_shares.resize(static_cast<size_t>(2 * ops::tiles_of(count())), {1000, 1e30f});
  }

  int64_t count() const { return static_cast<int64_t>(rows.size()); }

  template <class Rule, class E>
  ops::GridUpdate<Rule, E> update(const ops::GridStep<Rule>& step, const torch::Tensor& table,
                                  const ops::TableState& state) {
    const auto state_at = [&](size_t k) {
      return k < state.size() ? state[k].second.mutable_data_ptr<float>() : nullptr;
    };
    ops::GridUpdate<Rule, E> grid{.step = &step,
                                  .table = static_cast<E*>(table.mutable_data_ptr()),
                                  .dimension = table.size(1),
                                  .elements = {Rule::kElementState > 0 ? state_at(0) : nullptr,
                                               Rule::kElementState > 1 ? state_at(1) : nullptr},
                                  .row_state = Rule::kRowState > 0 ? state_at(Rule::kElementState) : nullptr,
                                  .touched = touched.data(),
                                  .ids = {{rows.data(), count(), static_cast<uint32_t>(table.size(0))},
                                          entries.data(),
                                          weights.empty() ? nullptr : bags.data(),
                                          weights.empty() ? nullptr : weights.data()},
                                  .gradient = {},
                                  .sums = sums.data(),
                                  .shares = shares.empty() ? nullptr : shares.data(),
                                  .piece_shares = piece_shares.data()};
    grid.gradient.bfloat16 = gradient.front().grad_out.scalar_type() == torch::kBFloat16;
    uint32_t first_bag = 0;
    for (const auto& [of_bags, grad_out, of_users] : gradient) {
      grid.gradient.parts[grid.gradient.count] = grad_out.const_data_ptr();
      grid.gradient.first_bag[grid.gradient.count++] = first_bag;
      first_bag += static_cast<uint32_t>(of_bags.offsets.numel() - 1);
    }
    return grid;
  }
};

}  // namespace esmm::test
