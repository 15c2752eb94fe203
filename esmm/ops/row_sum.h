#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

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

// out[d] = sum over i in [begin, end) of weight(i) * matrix[index(i), d], one after the other; zeros where
// there are none.
template <int64_t kD, class T, class Index, class Weight>
inline void sum_rows(const ScatteredRows<T, Index, Weight>& rows, int64_t begin, int64_t end,
                     T* __restrict out) {
  const auto row_at = [&rows](int64_t i) {
    return rows.matrix + rows.index(i) * (kD > 0 ? kD : rows.dimension);
  };
  const auto prefetch_behind = [&](int64_t i) {
    if (i + kPrefetchAhead < rows.size) prefetch_row<kD>(row_at(i + kPrefetchAhead), rows.dimension);
  };
  if constexpr (kD > 0) {
    // A sum that stays in registers. With plain loops the compiler makes vectors of the wrong loop, of the
    // ids.
    typedef T Row __attribute__((vector_size(kD * sizeof(T))));
    Row sum{}, row;
    for (int64_t i = begin; i < end; ++i) {
      prefetch_behind(i);
      std::memcpy(&row, row_at(i), sizeof(Row));
      sum += rows.weight(i) * row;
    }
    std::memcpy(out, &sum, sizeof(Row));
  } else {
    std::fill_n(out, rows.dimension, T{0});
    for (int64_t i = begin; i < end; ++i) {
      prefetch_behind(i);
      const T* __restrict row = row_at(i);
      const T weight = rows.weight(i);
      for (int64_t d = 0; d < rows.dimension; ++d) out[d] += weight * row[d];
    }
  }
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
