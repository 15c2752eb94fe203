#include "esmm/data/generate/generate_zipf.h"

#include <cmath>

namespace esmm::data {

Zipf::Zipf(int64_t n, double exponent) : columns_(static_cast<size_t>(n)) {
  double total = 0;
  for (int64_t i = 0; i < n; ++i) total += std::pow(static_cast<double>(i + 1), -exponent);
  std::vector<int64_t> poor, rich;
  for (int64_t i = 0; i < n; ++i) {
    const double share = std::pow(static_cast<double>(i + 1), -exponent) / total * static_cast<double>(n);
    columns_[i] = {share, i};
    (share < 1 ? poor : rich).push_back(i);
  }
  while (!poor.empty() && !rich.empty()) {
    const int64_t taker = poor.back(), giver = rich.back();
    poor.pop_back();
    columns_[taker].other = giver;
    columns_[giver].keep -= 1 - columns_[taker].keep;
    if (columns_[giver].keep < 1) {
      rich.pop_back();
      poor.push_back(giver);
    }
  }
  // Rounding may leave some; their share is 1 but for it.
  for (const int64_t i : poor) columns_[i].keep = 1;
  for (const int64_t i : rich) columns_[i].keep = 1;
}

}  // namespace esmm::data
