#pragma once

#include <algorithm>
#include <cstdint>

#include "esmm/ops/specialise.h"

namespace esmm::ops {

// Rows of a matrix [.., D] that are read in a scattered order: places index(0) .. index(size - 1), weighted.
template <class T, class Index, class Weight>
struct ScatteredRows {
  const T* matrix;
  int64_t dimension;  // D
  int64_t size;
  Index index;    // int64_t(int64_t i)
  Weight weight;  // T(int64_t i)
};

// Asks for the cache lines of a row that will be wanted soon: scattered rows are rarely in the cache.
template <int64_t kD, class T>
inline void prefetch_row(const T* row, int64_t dimension) {
  constexpr int64_t kLine = 64 / sizeof(T);
  const int64_t D = kD > 0 ? kD : dimension;
  for (int64_t d = 0; d < D; d += kLine) __builtin_prefetch(row + d);
}

inline constexpr int64_t kPrefetchAhead = 12;

// out[d] = sum over i in [begin, end) of weight(i) * matrix[index(i), d], one after the other; zeros where there are none.
template <int64_t kD, class T, class Index, class Weight>
inline void sum_rows(const ScatteredRows<T, Index, Weight>& rows, int64_t begin, int64_t end, T* __restrict out) {
  const int64_t D = kD > 0 ? kD : rows.dimension;
  T fixed[kD > 0 ? kD : 1];
  T* __restrict sum = kD > 0 ? fixed : out;
  std::fill_n(sum, D, T{0});
  for (int64_t i = begin; i < end; ++i) {
    if (i + kPrefetchAhead < rows.size) prefetch_row<kD>(rows.matrix + rows.index(i + kPrefetchAhead) * D, D);
    const T* __restrict row = rows.matrix + rows.index(i) * D;
    const T weight = rows.weight(i);
    for (int64_t d = 0; d < D; ++d) sum[d] += weight * row[d];
  }
  if constexpr (kD > 0) std::copy_n(sum, D, out);
}

// Calls body(weight) with a function of i: the weights of a tensor, or 1 for each where there are none.
template <class T, class Body>
void with_weights(const T* weights, const Body& body) {
  if (weights == nullptr) {
    body([](int64_t) { return T{1}; });
  } else {
    body([weights](int64_t i) { return weights[i]; });
  }
}

}  // namespace esmm::ops
