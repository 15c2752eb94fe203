#include "esmm/ops/row_runs.h"

#include <algorithm>

namespace esmm::ops {

RowRuns::RowRuns(const RowAt* sorted, int64_t n)
    : begins_(std::make_unique_for_overwrite<int32_t[]>(static_cast<size_t>(n) + 1)) {
  // Each id is taken for the next run's first, and kept where its row is a new one: no branch to guess wrong.
  size_t runs = 0;
  for (int64_t i = 0; i < n; ++i) {
    begins_[runs] = static_cast<int32_t>(i);
    runs += i == 0 || sorted[i].row != sorted[i - 1].row;
  }
  begins_[runs] = static_cast<int32_t>(n);
  size_ = static_cast<int64_t>(runs);

  rows_ = torch::empty({size_}, torch::kInt);
  int32_t* rows = rows_.mutable_data_ptr<int32_t>();
  for (int64_t run = 0; run < size_; ++run) rows[run] = static_cast<int32_t>(sorted[begin(run)].row);
}

int64_t RowRuns::first_from(int64_t place) const {
  return std::lower_bound(begins_.get(), begins_.get() + size_, place) - begins_.get();
}

std::vector<Piece> RowRuns::pieces_of_longer(int64_t length_wanted) const {
  std::vector<Piece> pieces;
  for (int64_t run = 0; run < size_; ++run) {
    if (length(run) <= length_wanted) continue;
    for (int64_t at = begin(run); at < begin(run + 1); at += length_wanted) {
      pieces.push_back({run, at, std::min(at + length_wanted, begin(run + 1))});
    }
  }
  return pieces;
}

torch::Tensor RowRuns::lengths() const {
  torch::Tensor lengths = torch::empty({size_}, torch::kInt);
  int32_t* counts = lengths.mutable_data_ptr<int32_t>();
  for (int64_t run = 0; run < size_; ++run) counts[run] = static_cast<int32_t>(length(run));
  return lengths;
}

}  // namespace esmm::ops
