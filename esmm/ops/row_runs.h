#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "esmm/ops/row_sort.h"

namespace esmm::ops {

// Part of a run: sorted ids begin .. end - 1.
struct Piece {
  int64_t run, begin, end;
};

// The runs of equal rows among sorted ids: U of them.
class RowRuns {
 public:
  // sorted [n]; not needed afterwards.
  RowRuns(const RowAt* sorted, int64_t n);

  int64_t size() const { return size_; }
  int64_t begin(int64_t run) const { return begins_[static_cast<size_t>(run)]; }  // begin(size()) = n
  int64_t length(int64_t run) const { return begin(run + 1) - begin(run); }
  // The first run that begins at sorted id `place` or behind it.
  int64_t first_from(int64_t place) const;
  // All runs longer than `length`, cut into pieces of it, in order.
  std::vector<Piece> pieces_of_longer(int64_t length) const;

  torch::Tensor rows() const { return rows_; }  // int32 [U]
  torch::Tensor lengths() const;                // int32 [U]

 private:
  int64_t size_ = 0;
  std::unique_ptr<int32_t[]> begins_;  // U + 1 in use
  torch::Tensor rows_;
};

}  // namespace esmm::ops
