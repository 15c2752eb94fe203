#include "esmm/experiment/summary.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace esmm::experiment {

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double sample_deviation(std::span<const double> values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

Summary summarise(std::vector<metrics::Value> values, std::span<const uint64_t> seeds) {
  Summary summary{.values = std::move(values)};
  std::vector<double> numbers;
  for (size_t i = 0; i < summary.values.size(); ++i) {
    const metrics::Value& value = summary.values[i];
    if (!value.number) {
      summary.mean = summary.deviation =
          metrics::undefined(fmt::format("seed {}: {}", seeds[i], value.reason));
      return summary;
    }
    numbers.push_back(*value.number);
  }
  if (numbers.empty()) {
    summary.mean = summary.deviation = metrics::undefined("no seed is finished");
    return summary;
  }
  summary.mean = metrics::defined(mean_of(numbers));
  summary.deviation = numbers.size() > 1 ? metrics::defined(sample_deviation(numbers))
                                         : metrics::undefined("needs two seeds");
  return summary;
}

}  // namespace esmm::experiment
