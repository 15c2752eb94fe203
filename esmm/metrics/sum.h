#pragma once

#include <cmath>

namespace esmm::metrics {

// A sum of doubles whose error does not grow with their number (Neumaier, ZAMM 1974).
class Sum {
 public:
  void add(double x) {
    const double total = total_ + x;
    lost_ += std::abs(total_) >= std::abs(x) ? (total_ - total) + x : (x - total) + total_;
    total_ = total;
  }
  double value() const { return total_ + lost_; }

 private:
  double total_ = 0, lost_ = 0;
};

}  // namespace esmm::metrics
