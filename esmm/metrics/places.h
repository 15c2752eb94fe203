#pragma once

#include <cstddef>
#include <cstdint>

#include "esmm/metrics/auc.h"

namespace esmm::metrics {

// Counts AUC and DeLong's variance from the scores of both classes, told from the lowest up.
// A positive's place is twice the negatives below it plus those tied with it; a negative's, twice the
// positives above it plus those tied with it. Whole numbers, so that sums over any number of rows are exact.
class Places {
 public:
  // How many rows of each class will be told, fewer than 2^32 in all.
  Places(size_t positives, size_t negatives) : positives_(positives), negatives_(negatives) {}

  // The next higher score: that of `positives` and `negatives` rows.
  void add(size_t positives, size_t negatives) {
    of_positives_.add(positives, 2 * negatives_below_ + negatives);
    of_negatives_.add(negatives, 2 * (positives_ - positives_below_) - positives);
    positives_below_ += positives;
    negatives_below_ += negatives;
  }

  // After the highest score.
  Auc auc() const;

 private:
  struct Total {
    __extension__ using Whole = unsigned __int128;
    Whole sum = 0, squares = 0;

    void add(uint64_t rows, uint64_t place) {
      const Whole places = static_cast<Whole>(rows) * place;
      sum += places;
      squares += places * place;
    }
    double variance(size_t rows, size_t others) const;
  };

  size_t positives_, negatives_;
  size_t positives_below_ = 0, negatives_below_ = 0;
  Total of_positives_, of_negatives_;
};

}  // namespace esmm::metrics
