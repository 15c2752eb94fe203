#include "esmm/metrics/gauc.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include <vector>

#include "esmm/metrics/sorted_rows.h"
#include "esmm/metrics/weighted_auc.h"

namespace esmm::metrics {

namespace {

// Numbers the groups 0, 1, … in order of first sight and counts their rows.
struct Groups {
  std::vector<uint32_t> of_row;
  std::vector<size_t> rows;

  explicit Groups(std::span<const int64_t> keys) {
    boost::unordered_flat_map<int64_t, uint32_t> numbers;
    of_row.reserve(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      // Logs come grouped by user, so that most rows need no look-up.
      const uint32_t number =
          i > 0 && keys[i] == keys[i - 1]
              ? of_row.back()
              : numbers.try_emplace(keys[i], static_cast<uint32_t>(rows.size())).first->second;
      if (number == rows.size()) rows.push_back(0);
      ++rows[number];
      of_row.push_back(number);
    }
  }
};

template <typename Target>
Gauc grouped(std::span<const uint32_t> order, std::span<const float> scores, std::span<const Target> target,
             std::span<const int64_t> group) {
  check_same_size(scores.size(), order.size());
  check_same_size(scores.size(), target.size());
  check_same_size(scores.size(), group.size());
  const Groups groups(group);

  std::vector<size_t> next(groups.rows.size());
  for (size_t g = 1; g < next.size(); ++g) next[g] = next[g - 1] + groups.rows[g - 1];
  std::vector<uint32_t> by_group(order.size());
  for (const uint32_t row : order) by_group[next[groups.of_row[row]]++] = row;

  Sum total, weight;
  Gauc result;
  for (size_t g = 0; g < next.size(); ++g) {
    const std::span<const uint32_t> rows(by_group.data() + next[g] - groups.rows[g], groups.rows[g]);
    const Value auc = weighted_auc<float>(rows, scores, [&](uint32_t row) {
      const auto positive = static_cast<double>(target[row]);
      return Mass{positive, 1 - positive};
    });
    if (!auc.number) continue;
    ++result.groups;
    total.add(*auc.number * static_cast<double>(rows.size()));
    weight.add(static_cast<double>(rows.size()));
  }
  result.value = result.groups > 0 ? defined(total.value() / weight.value())
                                   : undefined(order.empty() ? "no rows" : "no group has both classes");
  return result;
}

}  // namespace

Gauc gauc(std::span<const uint32_t> order, std::span<const float> scores, std::span<const float> target,
          std::span<const int64_t> group) {
  return grouped(order, scores, target, group);
}
Gauc gauc(std::span<const uint32_t> order, std::span<const float> scores, std::span<const double> target,
          std::span<const int64_t> group) {
  return grouped(order, scores, target, group);
}

}  // namespace esmm::metrics
