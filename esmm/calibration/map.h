#pragma once

#include <vector>

namespace esmm::calibration {

// From a probability to a calibrated one, never falling:
//   none       p
//   platt      sigmoid(slope * logit(p) + intercept), p cut to [kSmallest, kLargest]
//   isotonic   the line through points (x, y), which both rise from 0 to 1
struct Map {
  enum class Kind { none, platt, isotonic };

  Kind kind = Kind::none;
  double slope = 1, intercept = 0;
  std::vector<double> x, y;

  double operator()(double p) const;
};

// The range of a sigmoid in float32 that is neither 0 nor 1.
inline constexpr double kSmallest = 0x1p-126, kLargest = 1 - 0x1p-24;

double logit(double p);  // of p cut to that range

}  // namespace esmm::calibration
