#pragma once

#include <cstdint>
#include <span>

#include "esmm/metrics/value.h"

namespace esmm::metrics {

// Predicted over observed (PCOC): sum of probabilities / sum of targets. 1 is calibrated.
Value pcoc(std::span<const float> probabilities, double positives);

inline constexpr int kCalibrationBins = 20;

// Expected calibration error: rows sorted by probability and cut into 20 bins of equally many rows,
// ECE = sum over bins of (rows of the bin / rows) * |mean probability - mean target|. Rows of equal
// probability share a bin, that in which the middle of their run lies, so that the order of rows never
// matters: for one constant prediction the error is |probability - base rate|. order:
// sorted_rows(probabilities). target: labels or true probabilities.
Value expected_calibration_error(std::span<const uint32_t> order, std::span<const float> probabilities,
                                 std::span<const float> target);
Value expected_calibration_error(std::span<const uint32_t> order, std::span<const float> probabilities,
                                 std::span<const double> target);

}  // namespace esmm::metrics
