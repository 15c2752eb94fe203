#pragma once

#include <cstdint>
#include <span>

#include "esmm/metrics/sum.h"
#include "esmm/metrics/value.h"
#include "esmm/metrics/weights.h"

namespace esmm::metrics {

// Mean of -(t ln p + (1 - t) ln(1 - p)) over weighted rows, in double, as given: no clamp. t is a label, or
// the probability with which the row is a positive. Undefined where some p is exactly 0 or 1 and t says that
// the other can happen: the loss is infinite. For Probability and Target float or double. Throws Error where
// p or t is no probability, or on a bad weight. O(n), no memory.
template <typename Probability, typename Target>
Value logloss(std::span<const Probability> probabilities, std::span<const Target> target,
              Weights weights = {});

// The same, row by row.
class LoglossSum {
 public:
  void add(double p, double t, double weight);
  Value value() const;

 private:
  Sum loss_, weight_;
  int64_t rows_ = 0, infinite_ = 0;
};

// Log loss over the entropy of the base rate: below 1 is better than always saying the base rate (He et al.,
// ADKDD 2014). positives and rows: weighted where the log loss is.
Value normalized_entropy(const Value& logloss, double positives, double rows);

}  // namespace esmm::metrics
