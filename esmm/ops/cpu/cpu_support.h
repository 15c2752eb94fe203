#pragma once

#include <ATen/Parallel.h>
#include <torch/types.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "esmm/ops/cpu/row_kernels.h"
#include "esmm/ops/cpu/vectors.h"

// What the kernels of the CPU share.
namespace esmm::ops::cpu {

// Calls body(E{}) with E the C++ type of a table's numbers.
template <class Body>
void with_type(torch::ScalarType type, const Body& body) {
  switch (type) {
    case torch::kDouble:
      return body(double{});
    case torch::kBFloat16:
      return body(Bfloat16{});
    default:
      return body(float{});
  }
}

// The numbers of a tensor, as the kernels name their types.
template <class E>
E* data_of(const torch::Tensor& tensor) {
  return static_cast<E*>(tensor.mutable_data_ptr());
}

template <class T>
const T* data_or_null(const torch::Tensor& tensor) {
  return tensor.defined() ? tensor.const_data_ptr<T>() : nullptr;
}

// The inner loops for the vectors in use.
template <class E>
const RowKernels<E>& row_kernels() {
  switch (vectors_in_use()) {
#ifdef __x86_64__
    case Vectors::avx512:
      return RowKernelSets<E>::avx512;
    case Vectors::avx2:
      return RowKernelSets<E>::avx2;
#endif
    default:
      return RowKernelSets<E>::portable;
  }
}

// Calls body(task) for 0 .. count - 1, on all threads: each takes the next task when it is done with one, so
// that none waits long for another which has more to do or shares its core.
template <class Body>
void in_parallel(int64_t count, const Body& body) {
  std::atomic<int64_t> next = 0;
  at::parallel_for(0, std::min<int64_t>(count, at::get_num_threads()), 1, [&](int64_t, int64_t) {
    for (int64_t task = next++; task < count; task = next++) body(task);
  });
}

}  // namespace esmm::ops::cpu
