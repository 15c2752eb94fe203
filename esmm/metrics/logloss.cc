#include "esmm/metrics/logloss.h"

#include <fmt/format.h>

#include <cmath>

#include "esmm/metrics/sorted_rows.h"
#include "esmm/metrics/sum.h"

namespace esmm::metrics {

template <typename Probability, typename Target>
Value logloss(std::span<const Probability> probabilities, std::span<const Target> target) {
  check_same_size(probabilities.size(), target.size());
  if (probabilities.empty()) return undefined("no rows");
  Sum sum;
  int64_t infinite = 0;
  for (size_t i = 0; i < probabilities.size(); ++i) {
    const auto p = static_cast<double>(probabilities[i]);
    const auto t = static_cast<double>(target[i]);
    double loss = 0;
    if (t > 0) loss -= t * std::log(p);
    if (t < 1) loss -= (1 - t) * std::log1p(-p);
    if (std::isinf(loss)) {
      ++infinite;
    } else {
      sum.add(loss);
    }
  }
  if (infinite > 0) {
    return undefined(fmt::format("infinite: {} predicted exactly 0 or 1 and the opposite holds",
                                 infinite == 1 ? "1 row is" : fmt::format("{} rows are", infinite)));
  }
  return defined(sum.value() / static_cast<double>(probabilities.size()));
}

template Value logloss(std::span<const float>, std::span<const float>);
template Value logloss(std::span<const float>, std::span<const double>);
template Value logloss(std::span<const double>, std::span<const float>);
template Value logloss(std::span<const double>, std::span<const double>);

Value normalized_entropy(const Value& logloss, double positives, double rows) {
  if (!logloss.number) return logloss;
  if (positives <= 0) return undefined("no positives");
  if (positives >= rows) return undefined("no negatives");
  const double rate = positives / rows;
  const double entropy = -(rate * std::log(rate) + (1 - rate) * std::log1p(-rate));
  return defined(*logloss.number / entropy);
}

}  // namespace esmm::metrics
