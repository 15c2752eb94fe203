#pragma once

#include <span>

#include "esmm/metrics/value.h"

namespace esmm::metrics {

// Mean of -(t ln p + (1 - t) ln(1 - p)) in double, as given: no clamp. t is a label, or the probability with
// which the row is a positive. Undefined where some p is exactly 0 or 1 and t says that the other can happen:
// the loss is infinite. For Probability and Target float or double.
template <typename Probability, typename Target>
Value logloss(std::span<const Probability> probabilities, std::span<const Target> target);

// Log loss over the entropy of the base rate: below 1 is better than always saying the base rate (He et al.,
// ADKDD 2014).
Value normalized_entropy(const Value& logloss, double positives, double rows);

}  // namespace esmm::metrics
