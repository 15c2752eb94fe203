#pragma once

#include <cstdint>
#include <span>

#include "esmm/metrics/value.h"
#include "esmm/metrics/weights.h"

namespace esmm::metrics {

// Group AUC (Zhu et al., KDD 2017): the mean of the groups' AUC, weighted by their rows.
struct Gauc {
  Value value;
  int64_t groups = 0;  // those that count: with both classes
};

// order: sorted_rows(scores). group: one key per row, in any order. target: labels (0 or 1), or the
// probability with which each row is a positive, which makes a group's AUC the weighted one of auc.h. With
// weights a group's AUC is the weighted one, and it counts with the sum of its weights. O(n); needs 8 bytes a
// row beside the order. Throws Error on a bad weight.
template <typename Target>
Gauc gauc(std::span<const uint32_t> order, std::span<const float> scores, std::span<const Target> target,
          std::span<const int64_t> group, Weights weights = {});

}  // namespace esmm::metrics
