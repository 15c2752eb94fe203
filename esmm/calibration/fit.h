#pragma once

#include <cstdint>
#include <span>

#include "esmm/calibration/map.h"

namespace esmm::calibration {

// Rows to calibrate on: row i has probability p[i], counts weight[i] times and is a positive positive[i]
// times. Both fits aim at calibrated probabilities whose weighted mean is that of the positives; Platt's is,
// isotonic's but for the lines between its points:
//   clicks on impressions       weight 1, positive click
//   conversions on clicks       weight click, positive conversion
//   conversions on impressions  weight pCTR, positive conversion: for pCTCVR = pCTR * pCVR
// All spans have n entries; weights and positives are finite and not negative.
struct Rows {
  std::span<const float> p;
  std::span<const float> weight;
  std::span<const float> positive;
};

inline constexpr double kFewestPositives = 10;

// Platt scaling (Platt 1999), without his prior on the labels, so that the mean is right: slope and intercept
// that maximise
//   sum of positive * z + weight * log(1 - sigmoid(z)),  z = slope * logit(p) + intercept,
// by Newton's method; concave. Throws Error where there are fewer than kFewestPositives or no negatives,
// where the scores keep the classes apart, so that no slope is the best, or where the slope is not positive.
Map fit_platt(const Rows& rows);

// Isotonic regression (Zadrozny & Elkan, KDD 2002) by pooling adjacent violators: rows in the order of p are
// cut into blocks of at least max(10, 0.5 % of all) positives, equal p never apart; blocks whose rates
// (positives / weight) fall are pooled. The line goes from (0, 0) through (mean p, rate) of each block, on at
// its last slope to the largest p (at most halfway from the last rate to 1), and to (1, 1). A block's rate is
// at most (n + 1/2) / (n + 1), n its rows: a probability of 1 would make a negative's log loss infinite. So
// the line rises, but where such rates are cut, and keeps the order of the scores. O(n). Throws Error where
// there are fewer than kFewestPositives.
Map fit_isotonic(const Rows& rows);

}  // namespace esmm::calibration
