#include "esmm/metrics/slices.h"

#include <algorithm>

#include "esmm/metrics/checks.h"
#include "esmm/metrics/grouped_rows.h"
#include "esmm/metrics/logloss.h"
#include "esmm/metrics/sum.h"
#include "esmm/metrics/weighted_auc.h"

namespace esmm::metrics {

namespace {

// Puts the groups of fewer than min_rows rows into one, the last, which has no key; returns how many they
// were.
int64_t merge_small(Groups& groups, int64_t min_rows) {
  const auto is_small = [&](size_t rows) { return static_cast<int64_t>(rows) < min_rows; };
  const auto merged = std::count_if(groups.rows.begin(), groups.rows.end(), is_small);
  if (merged == 0) return 0;
  const size_t large = groups.rows.size() - static_cast<size_t>(merged);
  std::vector<uint32_t> number(groups.rows.size(), static_cast<uint32_t>(large));
  size_t rest = 0, next = 0;
  for (size_t g = 0; g < groups.rows.size(); ++g) {
    if (is_small(groups.rows[g])) {
      rest += groups.rows[g];
      continue;
    }
    number[g] = static_cast<uint32_t>(next);
    groups.keys[next] = groups.keys[g];
    groups.rows[next++] = groups.rows[g];
  }
  groups.keys.resize(large);
  groups.rows.resize(large);
  groups.rows.push_back(rest);
  for (uint32_t& group : groups.of_row) group = number[group];
  return merged;
}

// rows: in the order of p.
template <typename Target>
Slice describe(std::span<const uint32_t> rows, std::span<const float> p, std::span<const Target> target,
               Weights weights) {
  LoglossSum logloss;
  Sum predicted, positives;
  for (const uint32_t row : rows) {
    const double weight = weight_of(weights, row);
    const auto probability = static_cast<double>(p[row]), truth = static_cast<double>(target[row]);
    logloss.add(probability, truth, weight);
    predicted.add(weight * probability);
    positives.add(weight * truth);
  }
  Slice slice;
  slice.rows = static_cast<int64_t>(rows.size());
  slice.positives = positives.value();
  slice.auc = weighted_auc<float>(rows, p, [&](uint32_t row) {
    return mass_of(static_cast<double>(target[row]), weight_of(weights, row));
  });
  slice.logloss = logloss.value();
  slice.pcoc = slice.positives > 0 ? defined(predicted.value() / slice.positives) : undefined("no positives");
  return slice;
}

bool comes_first(const Slice& a, const Slice& b) {
  if (a.id.has_value() != b.id.has_value()) return a.id.has_value();
  return a.rows != b.rows ? a.rows > b.rows : a.id < b.id;
}

}  // namespace

template <typename Target>
std::vector<Slice> slice_table(std::span<const uint32_t> order, std::span<const float> p,
                               std::span<const Target> target, std::span<const int64_t> slice,
                               int64_t min_rows, Weights weights) {
  check_same_size(p.size(), order.size());
  check_same_size(p.size(), target.size());
  check_same_size(p.size(), slice.size());
  check_probabilities("prediction", p);
  check_probabilities("label", target);
  check_weights(weights, p.size());
  Groups groups(slice);
  const int64_t merged = merge_small(groups, min_rows);
  const GroupedRows grouped(order, groups);

  std::vector<Slice> table;
  for (size_t g = 0; g < groups.rows.size(); ++g) {
    table.push_back(describe(grouped.of(g), p, target, weights));
    if (g < groups.keys.size()) {
      table.back().id = groups.keys[g];
    } else {
      table.back().slices = merged;
    }
  }
  std::sort(table.begin(), table.end(), comes_first);
  return table;
}

template std::vector<Slice> slice_table(std::span<const uint32_t>, std::span<const float>,
                                        std::span<const float>, std::span<const int64_t>, int64_t, Weights);
template std::vector<Slice> slice_table(std::span<const uint32_t>, std::span<const float>,
                                        std::span<const double>, std::span<const int64_t>, int64_t, Weights);

}  // namespace esmm::metrics
