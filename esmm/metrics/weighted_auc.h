#pragma once

#include <cstdint>
#include <span>

#include "esmm/metrics/sorted_rows.h"
#include "esmm/metrics/sum.h"
#include "esmm/metrics/value.h"

namespace esmm::metrics {

// How much of a positive and how much of a negative a row is.
struct Mass {
  double positive, negative;
};

// target: a label, or the probability with which the row is a positive.
inline Mass mass_of(double target, double weight) { return {target * weight, (1 - target) * weight}; }

// The weighted AUC of auc.h over rows already sorted by score. mass_of(row) -> Mass.
template <typename Score, typename MassOf>
Value weighted_auc(std::span<const uint32_t> order, std::span<const Score> scores, MassOf mass_of) {
  Sum area, positives, negatives;
  for (size_t begin = 0; begin < order.size();) {
    const size_t end = end_of_ties(order, scores, begin);
    Sum tied_positives, tied_negatives;
    for (size_t i = begin; i < end; ++i) {
      const Mass mass = mass_of(order[i]);
      tied_positives.add(mass.positive);
      tied_negatives.add(mass.negative);
    }
    area.add(tied_positives.value() * (negatives.value() + tied_negatives.value() / 2));
    positives.add(tied_positives.value());
    negatives.add(tied_negatives.value());
    begin = end;
  }
  if (order.empty()) return undefined("no rows");
  if (positives.value() <= 0) return undefined("no positives");
  if (negatives.value() <= 0) return undefined("no negatives");
  return defined(area.value() / positives.value() / negatives.value());
}

}  // namespace esmm::metrics
