#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "esmm/metrics/value.h"

namespace esmm::experiment {

// (1/n) sum x_i, of one value or more.
double mean_of(std::span<const double> values);
// sqrt(sum (x_i - mean)^2 / (n - 1)), of two values or more.
double sample_deviation(std::span<const double> values);

// One metric over seeds. The mean is undefined where some seed's value is: a mean over the others would not
// be comparable with that of another method. The deviation needs two seeds.
struct Summary {
  std::vector<metrics::Value> values;  // one per seed
  metrics::Value mean{}, deviation{};
};
// seeds: what the values are of, for reasons.
Summary summarise(std::vector<metrics::Value> values, std::span<const uint64_t> seeds);

}  // namespace esmm::experiment
