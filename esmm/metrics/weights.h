#pragma once

#include <cstddef>
#include <span>

namespace esmm::metrics {

// One weight per row, finite and not negative: a row of weight 3 counts as three rows. Empty: each row counts
// once.
using Weights = std::span<const double>;

inline double weight_of(Weights weights, size_t row) { return weights.empty() ? 1.0 : weights[row]; }

}  // namespace esmm::metrics
