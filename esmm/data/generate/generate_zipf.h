#pragma once

#include <cstdint>
#include <vector>

#include "esmm/core/random.h"

namespace esmm::data {

// Draws 0 .. n-1, i with probability proportional to (i + 1)^-exponent, each in constant time (alias method,
// Walker 1977; tables by Vose 1991).
class Zipf {
 public:
  Zipf(int64_t n, double exponent);

  int64_t draw(Random& random) const {
    const uint64_t column = random.below(columns_.size());
    const Column& c = columns_[column];
    return random.uniform() < c.keep ? static_cast<int64_t>(column) : c.other;
  }

 private:
  struct Column {
    double keep;  // probability of this column's own number
    int64_t other;
  };
  std::vector<Column> columns_;
};

}  // namespace esmm::data
