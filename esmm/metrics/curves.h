#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "esmm/metrics/value.h"

namespace esmm::metrics {

// What is called positive at a threshold: the rows that score `threshold` or more.
struct CurvePoint {
  double threshold = std::numeric_limits<double>::infinity();
  double true_positives = 0, false_positives = 0;
};

// Points of the ROC and the precision-recall curve, from the highest threshold to the lowest. ROC: x =
// false_positives / negatives, y = true_positives / positives; precision-recall: x = true_positives /
// positives, y = true_positives / (true_positives + false_positives).
struct ThresholdCurve {
  double positives = 0, negatives = 0;
  std::vector<CurvePoint> points;  // first: nothing called positive, last: every row; empty: undefined
  Value average_precision;         // sum over thresholds of (rise of recall) * precision; nothing left out
};

// Every point lies on the curve; no more than max_points + 1 are kept: one wherever the ROC curve has gone on
// by 2 / max_points of its way (the rises of x and y added) since the last one, and the last. Between two
// kept points, neither recall nor the false positive rate rises by 2 / max_points or more but by one run of
// ties. order: sorted_rows(scores). target: labels, or the probability with which each row is a positive.
// O(n). Undefined without rows or with one class: no points, average_precision says why.
ThresholdCurve threshold_curve(std::span<const uint32_t> order, std::span<const float> scores,
                               std::span<const float> target, size_t max_points);
ThresholdCurve threshold_curve(std::span<const uint32_t> order, std::span<const float> scores,
                               std::span<const double> target, size_t max_points);

}  // namespace esmm::metrics
