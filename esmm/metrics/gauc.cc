#include "esmm/metrics/gauc.h"

#include "esmm/metrics/checks.h"
#include "esmm/metrics/grouped_rows.h"
#include "esmm/metrics/sum.h"
#include "esmm/metrics/weighted_auc.h"

namespace esmm::metrics {

template <typename Target>
Gauc gauc(std::span<const uint32_t> order, std::span<const float> scores, std::span<const Target> target,
          std::span<const int64_t> group, Weights weights) {
  check_same_size(scores.size(), order.size());
  check_same_size(scores.size(), target.size());
  check_same_size(scores.size(), group.size());
  check_weights(weights, scores.size());
  const Groups groups(group);
  const GroupedRows grouped(order, groups);

  Sum total, weight;
  Gauc result;
  for (size_t g = 0; g < groups.keys.size(); ++g) {
    const std::span<const uint32_t> rows = grouped.of(g);
    const Value auc = weighted_auc<float>(rows, scores, [&](uint32_t row) {
      return mass_of(static_cast<double>(target[row]), weight_of(weights, row));
    });
    if (!auc.number) continue;
    ++result.groups;
    Sum of_group;
    for (const uint32_t row : rows) of_group.add(weight_of(weights, row));
    total.add(*auc.number * of_group.value());
    weight.add(of_group.value());
  }
  result.value = result.groups > 0 ? defined(total.value() / weight.value())
                                   : undefined(order.empty() ? "no rows" : "no group has both classes");
  return result;
}

template Gauc gauc(std::span<const uint32_t>, std::span<const float>, std::span<const float>,
                   std::span<const int64_t>, Weights);
template Gauc gauc(std::span<const uint32_t>, std::span<const float>, std::span<const double>,
                   std::span<const int64_t>, Weights);

}  // namespace esmm::metrics
