#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "esmm/metrics/value.h"
#include "esmm/metrics/weights.h"

namespace esmm::metrics {

// Below: p are probabilities, target labels (0 or 1) or true probabilities (float or double), order
// sorted_rows(p). All O(n), and need no memory of a row beside the order, which metrics share. Throw Error on
// a bad weight.

// Predicted over observed (PCOC): sum of w p / sum of w target. 1 is calibrated. Throws Error on NaN.
template <typename Target>
Value pcoc(std::span<const float> p, std::span<const Target> target, Weights weights = {});

inline constexpr int kCalibrationBins = 20;

// One line of the reliability table.
struct ReliabilityBin {
  int64_t rows = 0;
  double weight = 0;                        // of its rows
  double predicted = 0, observed = 0;       // weighted means of p and of target
  Value observed_ci_low, observed_ci_high;  // 95 % (Wilson); undefined where nothing was drawn
};

// Rows sorted by probability and cut into bins of equally much weight. Rows of equal probability share a bin,
// that in which the middle of their run lies, so that the order of rows never matters. Bins that hold no
// weight are left out: at most `bins` remain, lowest probability first. The interval is Wilson's (JASA 1927)
// with (sum w)^2 / sum w^2 rows (Kish).
template <typename Target>
std::vector<ReliabilityBin> reliability_table(std::span<const uint32_t> order, std::span<const float> p,
                                              std::span<const Target> target, Weights weights = {},
                                              int bins = kCalibrationBins);

// Expected calibration error: sum over bins of (weight of the bin / all weight) * |predicted - observed|. For
// one constant prediction it is |p - base rate|.
Value expected_calibration_error(std::span<const ReliabilityBin> table);

}  // namespace esmm::metrics
