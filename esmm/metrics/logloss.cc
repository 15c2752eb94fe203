#include "esmm/metrics/logloss.h"

#include <fmt/format.h>

#include <cmath>

#include "esmm/metrics/checks.h"

namespace esmm::metrics {

void LoglossSum::add(double p, double t, double weight) {
  ++rows_;
  if (weight == 0) return;
  double loss = 0;
  if (t > 0) loss -= t * std::log(p);
  if (t < 1) loss -= (1 - t) * std::log1p(-p);
  if (std::isinf(loss)) {
    ++infinite_;
  } else {
    loss_.add(weight * loss);
    weight_.add(weight);
  }
}

Value LoglossSum::value() const {
  if (rows_ == 0) return undefined("no rows");
  if (infinite_ > 0) {
    return undefined(fmt::format("infinite: {} predicted exactly 0 or 1 and the opposite holds",
                                 infinite_ == 1 ? "1 row is" : fmt::format("{} rows are", infinite_)));
  }
  if (weight_.value() <= 0) return undefined("all weights are 0");
  return defined(loss_.value() / weight_.value());
}

template <typename Probability, typename Target>
Value logloss(std::span<const Probability> probabilities, std::span<const Target> target, Weights weights) {
  check_same_size(probabilities.size(), target.size());
  check_probabilities("prediction", probabilities);
  check_probabilities("label", target);
  check_weights(weights, probabilities.size());
  LoglossSum sum;
  for (size_t i = 0; i < probabilities.size(); ++i) {
    sum.add(static_cast<double>(probabilities[i]), static_cast<double>(target[i]), weight_of(weights, i));
  }
  return sum.value();
}

template Value logloss(std::span<const float>, std::span<const float>, Weights);
template Value logloss(std::span<const float>, std::span<const double>, Weights);
template Value logloss(std::span<const double>, std::span<const float>, Weights);
template Value logloss(std::span<const double>, std::span<const double>, Weights);

Value normalized_entropy(const Value& logloss, double positives, double rows) {
  if (!logloss.number) return logloss;
  if (positives <= 0) return undefined("no positives");
  if (positives >= rows) return undefined("no negatives");
  const double rate = positives / rows;
  const double entropy = -(rate * std::log(rate) + (1 - rate) * std::log1p(-rate));
  return defined(*logloss.number / entropy);
}

}  // namespace esmm::metrics
