#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "esmm/metrics/value.h"
#include "esmm/metrics/weights.h"

namespace esmm::metrics {

// The metrics of the rows that share one value of a column, or of the rest.
struct Slice {
  std::optional<int64_t> id;  // none: this is the rest
  int64_t slices = 1;         // that are summed in the rest
  int64_t rows = 0;
  double positives = 0;  // weighted, as the metrics are
  Value auc, logloss, pcoc;
};

// One line per slice, those of most rows first and of equally many the lowest id first. Slices of fewer than
// min_rows rows are one last line, the rest, measured over all of its rows together. order: sorted_rows(p).
// p: probabilities. target: labels (0 or 1) or true probabilities. slice: an id per row, in any order.
// O(n) and a sort of the lines; needs 8 bytes a row beside the order. Throws Error where p or target is no
// probability, or on a bad weight.
template <typename Target>
std::vector<Slice> slice_table(std::span<const uint32_t> order, std::span<const float> p,
                               std::span<const Target> target, std::span<const int64_t> slice,
                               int64_t min_rows, Weights weights = {});

}  // namespace esmm::metrics
