#include "esmm/metrics/calibration.h"

#include <array>
#include <cmath>

#include "esmm/metrics/sorted_rows.h"
#include "esmm/metrics/sum.h"

namespace esmm::metrics {

namespace {

template <typename Target>
Value calibration_error(std::span<const uint32_t> order, std::span<const float> probabilities,
                        std::span<const Target> target) {
  check_same_size(probabilities.size(), order.size());
  check_same_size(probabilities.size(), target.size());
  if (order.empty()) return undefined("no rows");
  std::array<Sum, kCalibrationBins> excess;  // sum of probability - target
  for (size_t begin = 0; begin < order.size();) {
    const size_t end = end_of_ties(order, probabilities, begin);
    Sum& bin = excess[(begin + end) * kCalibrationBins / (2 * order.size())];
    for (size_t i = begin; i < end; ++i) {
      bin.add(static_cast<double>(probabilities[order[i]]) - static_cast<double>(target[order[i]]));
    }
    begin = end;
  }
  Sum error;
  for (const Sum& bin : excess) error.add(std::abs(bin.value()));
  return defined(error.value() / static_cast<double>(order.size()));
}

}  // namespace

Value pcoc(std::span<const float> probabilities, double positives) {
  if (probabilities.empty()) return undefined("no rows");
  if (positives <= 0) return undefined("no positives");
  Sum predicted;
  for (const float probability : probabilities) predicted.add(static_cast<double>(probability));
  return defined(predicted.value() / positives);
}

Value expected_calibration_error(std::span<const uint32_t> order, std::span<const float> probabilities,
                                 std::span<const float> target) {
  return calibration_error(order, probabilities, target);
}
Value expected_calibration_error(std::span<const uint32_t> order, std::span<const float> probabilities,
                                 std::span<const double> target) {
  return calibration_error(order, probabilities, target);
}

}  // namespace esmm::metrics
