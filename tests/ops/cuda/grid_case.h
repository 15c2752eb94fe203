#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "esmm/ops/bfloat16.h"
#include "esmm/ops/cuda/grid_parts.h"
#include "esmm/ops/cuda/grid_update.h"
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

// The parts of a gradient as the GPU's update gets them. padding: so many places behind each part's ids.
inline ops::GridParts parts_of(const ops::TableGradient& gradient, int64_t padding = 0) {
  ops::GridParts parts;
  for (const auto& [bags, grad_out, shared] : gradient) {
    parts.add({.rows = bags.rows.const_data_ptr<int32_t>(),
               .offsets = bags.offsets.const_data_ptr<int64_t>(),
               .weights = bags.weights.defined() ? bags.weights.const_data_ptr<float>() : nullptr,
               .gradient = grad_out.const_data_ptr(),
               .ids = bags.rows.numel() + padding,
               .bags = bags.offsets.numel() - 1,
               .fields = bags.fields,
               .impressions = shared ? shared->impressions.const_data_ptr<int32_t>() : nullptr,
               .scale = shared ? shared->scale.const_data_ptr<float>() : nullptr});
  }
  return parts;
}

// An update as the GPU's kernels get it, in the CPU's memory: its items made by what their threads run,
// sorted by as many bits as theirs are, and work space.
struct GridCase {
  ops::TableGradient gradient;  // keeps its memory
  ops::GridParts parts;
  std::vector<uint32_t> rows, entries, bags;
  std::vector<float> weights, sums;
  std::vector<uint8_t> touched;
  std::vector<ops::Share<float>> shares, piece_shares;  // of each bag; empty: none

  GridCase(const ops::TableGradient& of, int64_t table_rows, int64_t dimension, int64_t padding = 0)
      : gradient(of),
        parts(parts_of(gradient, padding)),
        rows(static_cast<size_t>(parts.ids)),
        entries(rows.size()),
        touched(static_cast<size_t>(table_rows)) {
    if (parts.weighted) {
      bags.resize(rows.size());
      weights.resize(rows.size());
    }
    if (parts.shared) shares.resize(static_cast<size_t>(parts.bags));
    const ops::GridItems items{.rows = rows.data(),
                               .entries = entries.data(),
                               .bags = parts.weighted ? bags.data() : nullptr,
                               .weights = weights.data(),
                               .table_rows = static_cast<uint32_t>(table_rows)};
    parts.each([&](const ops::GridPart& part, int64_t first_id, int64_t first_bag) {
      for (int64_t i = part.ids - 1; i >= 0; --i) ops::make_item(part, items, first_id, first_bag, i);
      for (int64_t bag = 0; parts.shared && bag < part.bags; ++bag)
        shares[static_cast<size_t>(first_bag + bag)] = ops::share_of_bag(part, bag);
    });
    sort(table_rows);
    sums.resize(static_cast<size_t>(2 * ops::tiles_of(count()) * dimension), 1e30f);
    piece_shares.resize(static_cast<size_t>(2 * ops::tiles_of(count())), {1000, 1e30f});
  }

  // Stably, by the lowest bits alone.
  void sort(int64_t table_rows) {
    const uint32_t mask = ~0U >> (32 - ops::row_bits(table_rows));
    std::vector<size_t> order(rows.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return (rows[a] & mask) < (rows[b] & mask); });
    const std::vector<uint32_t> rows_before = rows, entries_before = entries;
    for (size_t i = 0; i < order.size(); ++i) {
      rows[i] = rows_before[order[i]];
      entries[i] = entries_before[order[i]];
    }
  }

  int64_t count() const { return static_cast<int64_t>(rows.size()); }

  template <class Rule, class E>
  ops::GridUpdate<Rule, E> update(const ops::GridStep<Rule>& step, const torch::Tensor& table,
                                  const ops::TableState& state) {
    const auto state_at = [&](size_t k) {
      return k < state.size() ? state[k].second.mutable_data_ptr<float>() : nullptr;
    };
    return {.step = &step,
            .table = static_cast<E*>(table.mutable_data_ptr()),
            .dimension = table.size(1),
            .elements = {Rule::kElementState > 0 ? state_at(0) : nullptr,
                         Rule::kElementState > 1 ? state_at(1) : nullptr},
            .row_state = Rule::kRowState > 0 ? state_at(Rule::kElementState) : nullptr,
            .touched = touched.data(),
            .ids = {{rows.data(), count(), static_cast<uint32_t>(table.size(0))},
                    entries.data(),
                    parts.weighted ? bags.data() : nullptr,
                    parts.weighted ? weights.data() : nullptr},
            .gradient = ops::gradient_of(parts, gradient.front().grad_out.scalar_type() == torch::kBFloat16),
            .sums = sums.data(),
            .shares = parts.shared ? shares.data() : nullptr,
            .piece_shares = piece_shares.data()};
  }
};

}  // namespace esmm::test
