#include "esmm/metrics/places.h"

#include <algorithm>
#include <cmath>

namespace esmm::metrics {

// Sample variance of place / (2 * others). The numerator is exact for fewer than 2^32 rows in all.
double Places::Total::variance(size_t rows, size_t others) const {
  const auto numerator = static_cast<double>(squares * rows - sum * sum);
  const double scale = 2 * static_cast<double>(others);
  return numerator / static_cast<double>(rows) / static_cast<double>(rows - 1) / scale / scale;
}

Auc Places::auc() const {
  const auto all = [](Value value) { return Auc{value, value, value}; };
  if (positives_ + negatives_ == 0) return all(undefined("no rows"));
  if (positives_ == 0) return all(undefined("no positives"));
  if (negatives_ == 0) return all(undefined("no negatives"));

  const auto p = static_cast<double>(positives_), n = static_cast<double>(negatives_);
  const double area = static_cast<double>(of_positives_.sum) / (2 * p * n);
  const auto without_interval = [&](const char* reason) {
    return Auc{defined(area), undefined(reason), undefined(reason)};
  };
  if (positives_ < 2 || negatives_ < 2) return without_interval("fewer than two rows of a class");
  const double variance =
      of_positives_.variance(positives_, negatives_) / p + of_negatives_.variance(negatives_, positives_) / n;
  if (variance <= 0) {
    return without_interval("DeLong's variance is zero: classes do not overlap, or all scores tie");
  }
  const double half = kTwoSided95 * std::sqrt(variance);
  return {defined(area), defined(std::max(0.0, area - half)), defined(std::min(1.0, area + half))};
}

}  // namespace esmm::metrics
