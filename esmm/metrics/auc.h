#pragma once

#include <cstdint>
#include <span>

#include "esmm/metrics/value.h"
#include "esmm/metrics/weights.h"

namespace esmm::metrics {

// Area under the ROC curve with its 95 % interval.
struct Auc {
  Value value, low, high;
};

// AUC = (pairs of a positive above a negative + half the ties) / all pairs, counted in whole numbers: exact.
// The interval is DeLong's (Biometrics 1988, by mid-ranks as in Sun & Xu, IEEE SPL 2014), cut to [0, 1]; it
// needs two rows of each class. labels: 0 or 1. O(n). Needs 2 bytes a row and 2 MB while it runs (double: 16
// bytes a row). Throws Error on NaN or another label.
Auc auc(std::span<const float> scores, std::span<const float> labels);
Auc auc(std::span<const double> scores, std::span<const float> labels);

// Of weighted rows: a pair counts with the product of its weights. Undefined where the weights of a class sum
// to 0. O(n); needs sorted_rows(scores). Throws Error on NaN, another label or a bad weight.
Value auc(std::span<const float> scores, std::span<const float> labels, Weights weights);
Value auc(std::span<const double> scores, std::span<const float> labels, Weights weights);

// Row i is positive_mass[i] of a positive and negative_mass[i] of a negative at once:
// AUC = sum_i sum_j p_i n_j ([s_i > s_j] + [s_i = s_j] / 2) / (sum p * sum n), the pairs i = j included.
// Masses are finite and not negative. O(n); needs sorted_rows(scores). Throws Error on NaN or a bad mass.
Value auc(std::span<const float> scores, std::span<const double> positive_mass,
          std::span<const double> negative_mass);
Value auc(std::span<const double> scores, std::span<const double> positive_mass,
          std::span<const double> negative_mass);

}  // namespace esmm::metrics
