#pragma once

#include <cstdint>
#include <span>

#include "esmm/metrics/value.h"

namespace esmm::metrics {

// Group AUC (Zhu et al., KDD 2017): the mean of the groups' AUC, weighted by their rows.
struct Gauc {
  Value value;
  int64_t groups = 0;  // those that count: with both classes
};

// order: sorted_rows(scores). group: one key per row, in any order. target: labels (0 or 1), or the
// probability with which each row is a positive, which makes a group's AUC the weighted one of auc.h. O(n).
Gauc gauc(std::span<const uint32_t> order, std::span<const float> scores, std::span<const float> target,
          std::span<const int64_t> group);
Gauc gauc(std::span<const uint32_t> order, std::span<const float> scores, std::span<const double> target,
          std::span<const int64_t> group);

}  // namespace esmm::metrics
