#include "esmm/calibration/map.h"

#include <algorithm>
#include <cmath>

namespace esmm::calibration {

double logit(double p) {
  const double cut = std::clamp(p, kSmallest, kLargest);
  return std::log(cut) - std::log1p(-cut);
}

double Map::operator()(double p) const {
  switch (kind) {
    case Kind::platt:
      return 1 / (1 + std::exp(-(slope * logit(p) + intercept)));
    case Kind::isotonic: {
      const auto above = std::upper_bound(x.begin() + 1, x.end() - 1, p) - x.begin();
      const auto k = static_cast<size_t>(above - 1);
      return y[k] + (p - x[k]) * ((y[k + 1] - y[k]) / (x[k + 1] - x[k]));
    }
    case Kind::none:
      break;
  }
  return p;
}

}  // namespace esmm::calibration
