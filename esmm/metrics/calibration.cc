#include "esmm/metrics/calibration.h"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "esmm/metrics/checks.h"
#include "esmm/metrics/sorted_rows.h"
#include "esmm/metrics/sum.h"

namespace esmm::metrics {

namespace {

struct BinSums {
  int64_t rows = 0;
  Sum weight, squared_weight, predicted, observed;

  void add(double w, double p, double t) {
    ++rows;
    weight.add(w);
    squared_weight.add(w * w);
    predicted.add(w * p);
    observed.add(w * t);
  }
};

void set_interval(ReliabilityBin& bin, double rows) {
  constexpr double z2 = kTwoSided95 * kTwoSided95;
  const double centre = (bin.observed + z2 / (2 * rows)) / (1 + z2 / rows);
  const double variance = bin.observed * (1 - bin.observed) / rows + z2 / (4 * rows * rows);
  const double half = kTwoSided95 * std::sqrt(variance) / (1 + z2 / rows);
  bin.observed_ci_low = defined(std::max(0.0, centre - half));
  bin.observed_ci_high = defined(std::min(1.0, centre + half));
}

ReliabilityBin bin_of(const BinSums& sums, bool drawn) {
  const double weight = sums.weight.value();
  ReliabilityBin bin;
  bin.rows = sums.rows;
  bin.weight = weight;
  bin.predicted = sums.predicted.value() / weight;
  bin.observed = sums.observed.value() / weight;
  if (drawn) {
    set_interval(bin, weight * weight / sums.squared_weight.value());
  } else {
    bin.observed_ci_low = bin.observed_ci_high =
        undefined("labels are true probabilities: nothing was drawn");
  }
  return bin;
}

}  // namespace

template <typename Target>
Value pcoc(std::span<const float> p, std::span<const Target> target, Weights weights) {
  check_same_size(p.size(), target.size());
  check_weights(weights, p.size());
  if (p.empty()) return undefined("no rows");
  Sum predicted, observed;
  for (size_t i = 0; i < p.size(); ++i) {
    if (std::isnan(p[i])) throw_score_is_nan(i);
    predicted.add(weight_of(weights, i) * static_cast<double>(p[i]));
    observed.add(weight_of(weights, i) * static_cast<double>(target[i]));
  }
  if (observed.value() <= 0) return undefined("no positives");
  return defined(predicted.value() / observed.value());
}

template <typename Target>
std::vector<ReliabilityBin> reliability_table(std::span<const uint32_t> order, std::span<const float> p,
                                              std::span<const Target> target, Weights weights, int bins) {
  check_same_size(p.size(), order.size());
  check_same_size(p.size(), target.size());
  check_weights(weights, p.size());
  Sum all;
  for (const uint32_t row : order) all.add(weight_of(weights, row));

  std::vector<BinSums> sums(static_cast<size_t>(bins));
  Sum below;
  for (size_t begin = 0; begin < order.size();) {
    const size_t end = end_of_ties(order, p, begin);
    Sum tied;
    for (size_t i = begin; i < end; ++i) tied.add(weight_of(weights, order[i]));
    if (tied.value() > 0) {
      const double middle = (2 * below.value() + tied.value()) * bins / (2 * all.value());
      BinSums& bin = sums[std::min(static_cast<size_t>(middle), sums.size() - 1)];
      for (size_t i = begin; i < end; ++i) {
        const uint32_t row = order[i];
        bin.add(weight_of(weights, row), static_cast<double>(p[row]), static_cast<double>(target[row]));
      }
      below.add(tied.value());
    }
    begin = end;
  }

  std::vector<ReliabilityBin> table;
  for (const BinSums& bin : sums) {
    if (bin.rows > 0) table.push_back(bin_of(bin, std::is_same_v<Target, float>));
  }
  return table;
}

template Value pcoc(std::span<const float>, std::span<const float>, Weights);
template Value pcoc(std::span<const float>, std::span<const double>, Weights);
template std::vector<ReliabilityBin> reliability_table(std::span<const uint32_t>, std::span<const float>,
                                                       std::span<const float>, Weights, int);
template std::vector<ReliabilityBin> reliability_table(std::span<const uint32_t>, std::span<const float>,
                                                       std::span<const double>, Weights, int);

Value expected_calibration_error(std::span<const ReliabilityBin> table) {
  if (table.empty()) return undefined("no rows");
  Sum error, weight;
  for (const ReliabilityBin& bin : table) {
    error.add(bin.weight * std::abs(bin.predicted - bin.observed));
    weight.add(bin.weight);
  }
  return defined(error.value() / weight.value());
}

}  // namespace esmm::metrics
