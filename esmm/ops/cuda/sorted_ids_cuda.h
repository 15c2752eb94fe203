#pragma once

#include <cstddef>
#include <cstdint>

#include "esmm/ops/cuda/cuda_kernels.h"
#include "esmm/ops/cuda/grid_update.h"

namespace esmm::ops::cuda {

// Arrays one after the other in memory; without memory: only how much they take.
class Space {
 public:
  explicit Space(void* begin) : begin_(static_cast<char*>(begin)) {}

  template <class T>
  T* take(int64_t count) {
    const size_t at = used_;
    used_ += (static_cast<size_t>(count) * sizeof(T) + 255) / 256 * 256;
    return begin_ == nullptr ? nullptr : reinterpret_cast<T*>(begin_ + at);
  }
  size_t used() const { return used_; }

 private:
  char* begin_;
  size_t used_ = 0;
};

// The ids of an update's parts, one part behind the other, sorted by row; equal ones stay in their order.
class SortedIds {
 public:
  // Takes its arrays from the space. With space that has no memory, only sizes are known.
  cudaError_t take_space(const Update& update, Space& space);
  cudaError_t sort(const Update& update, cudaStream_t stream);
  GridIds ids(const Update& update) const;

 private:
  uint32_t *rows_[2] = {}, *entries_[2] = {};  // before and after; sort() says which is which
  uint32_t* bags_ = nullptr;
  float* weights_ = nullptr;
  void* sort_space_ = nullptr;
  size_t sort_bytes_ = 0;
};

}  // namespace esmm::ops::cuda
