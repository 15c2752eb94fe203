#pragma once

#include <span>

#include "esmm/metrics/value.h"

namespace esmm::experiment {

// Two-sided p-value of the paired t-test: with differences d_i = a_i - b_i of n pairs,
//   t = mean(d) / (s(d) / sqrt(n)),  p = P(|T| >= |t|),  T of Student's t distribution with n - 1 degrees of
//   freedom,
// s the sample standard deviation. Undefined below two pairs, and where the differences do not vary.
// a and b are of the same length.
metrics::Value paired_t_test(std::span<const double> a, std::span<const double> b);

}  // namespace esmm::experiment
