#include "esmm/experiment/paired_test.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/experiment/summary.h"

namespace esmm::experiment {

metrics::Value paired_t_test(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) throw InternalError("a paired test of unpaired values");
  if (a.size() < 2) return metrics::undefined("needs two seeds that both have");
  std::vector<double> differences;
  for (size_t i = 0; i < a.size(); ++i) differences.push_back(a[i] - b[i]);
  const double mean = mean_of(differences), deviation = sample_deviation(differences);
  if (deviation == 0) return metrics::undefined("the difference is the same for every seed");
  const auto n = static_cast<double>(a.size());
  const double t = mean / (deviation / std::sqrt(n));
  return metrics::defined(2 * cdf(complement(boost::math::students_t(n - 1), std::abs(t))));
}

}  // namespace esmm::experiment
