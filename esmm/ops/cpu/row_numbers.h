#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "esmm/ops/cpu/row_columns.h"
#include "esmm/ops/cpu/row_kernels.h"

// Rows of numbers in registers. Included by row_kernels_impl.h alone: everything has internal linkage.
namespace esmm::ops {
namespace {

// Of the vectors that this file is compiled for. Wider ones would be taken apart in memory.
#if defined(__AVX512F__)
constexpr int64_t kVectorBytes = 64;
#elif defined(__AVX2__)
constexpr int64_t kVectorBytes = 32;
#else
constexpr int64_t kVectorBytes = 16;
#endif

template <class A, int64_t kN>
struct VectorOf {
  typedef A type __attribute__((vector_size(kN * sizeof(A))));
};
template <class A, int64_t kN>
using Vector = typename VectorOf<A, kN>::type;

template <int64_t kN, std::floating_point A>
[[gnu::always_inline]] inline Vector<A, kN> load(const A* from) {
  Vector<A, kN> values;
  std::memcpy(&values, from, sizeof(values));
  return values;
}

template <int64_t kN>
[[gnu::always_inline]] inline Vector<float, kN> load(const Bfloat16* from) {
  Vector<uint16_t, kN> halves;
  std::memcpy(&halves, from, sizeof(halves));
  const auto bits = __builtin_convertvector(halves, Vector<uint32_t, kN>) << 16;
  Vector<float, kN> values;
  std::memcpy(&values, &bits, sizeof(values));
  return values;
}

template <int64_t kN, std::floating_point A>
[[gnu::always_inline]] inline void store(const Vector<A, kN>& values, A* to) {
  std::memcpy(to, &values, sizeof(values));
}

// To the nearest, ties to even, as the constructor of Bfloat16 does it.
template <int64_t kN>
[[gnu::always_inline]] inline void store(const Vector<float, kN>& values, Bfloat16* to) {
  Vector<uint32_t, kN> bits;
  std::memcpy(&bits, &values, sizeof(bits));
  const Vector<uint32_t, kN> rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  const auto numbers = (Vector<uint32_t, kN>)(values == values);  // all bits set, or none for what is not one
  const auto halves =
      __builtin_convertvector((rounded & numbers) | (~numbers & 0x7fc0), Vector<uint16_t, kN>);
  std::memcpy(to, &halves, sizeof(halves));
}

template <class A>
using BitsOf = std::conditional_t<sizeof(A) == 8, int64_t, int32_t>;

constexpr int64_t power_of_two_below(int64_t n) { return n < 2 ? 1 : 2 * power_of_two_below(n / 2); }

// kN numbers: as many whole vectors as fit, then one of half as many numbers, a quarter, …
template <class A, int64_t kN>
struct Numbers {
  static constexpr int64_t kHead = power_of_two_below(std::min<int64_t>(kN, kVectorBytes / sizeof(A)));
  Vector<A, kHead> head{};
  Numbers<A, kN - kHead> tail;

  // += weight * from[0 .. kN)
  template <class E>
  [[gnu::always_inline]] inline void add(A weight, const E* from) {
    head += weight * load<kHead>(from);
    tail.add(weight, from + kHead);
  }
  template <class E>
  [[gnu::always_inline]] inline void add(const E* from) {
    head += load<kHead>(from);
    tail.add(from + kHead);
  }
  [[gnu::always_inline]] inline void add_squares(const A* from) {
    const auto values = load<kHead>(from);
    head += values * values;
    tail.add_squares(from + kHead);
  }
  [[gnu::always_inline]] inline void load_from(const A* from) {
    head = load<kHead>(from);
    tail.load_from(from + kHead);
  }
  // Back to 0 where mask is 0, else (all bits set) as they are.
  [[gnu::always_inline]] inline void keep(BitsOf<A> mask) {
    head = (Vector<A, kHead>)((Vector<BitsOf<A>, kHead>)head & mask);
    tail.keep(mask);
  }
  template <class E>
  [[gnu::always_inline]] inline void store(E* to) const {
    esmm::ops::store<kHead>(head, to);
    tail.store(to + kHead);
  }
};
template <class A>
struct Numbers<A, 0> {
  template <class E>
  [[gnu::always_inline]] inline void add(A, const E*) {}
  template <class E>
  [[gnu::always_inline]] inline void add(const E*) {}
  [[gnu::always_inline]] inline void add_squares(const A*) {}
  [[gnu::always_inline]] inline void load_from(const A*) {}
  [[gnu::always_inline]] inline void keep(BitsOf<A>) {}
  template <class E>
  [[gnu::always_inline]] inline void store(E*) const {}
};

// Halves are added until one number is left.
template <class A, int64_t kN>
[[gnu::always_inline]] inline A sum_of_lanes(const Vector<A, kN>& lanes) {
  if constexpr (kN == 1) {
    return lanes[0];
  } else {
    Vector<A, kN / 2> halves[2];
    std::memcpy(halves, &lanes, sizeof(halves));
    return sum_of_lanes<A, kN / 2>(halves[0] + halves[1]);
  }
}
template <class A, int64_t kN>
[[gnu::always_inline]] inline A sum_of_lanes(const Numbers<A, kN>& lanes) {
  if constexpr (Numbers<A, kN>::kHead == kN) {
    return sum_of_lanes<A, kN>(lanes.head);
  } else {
    A all[kN];
    lanes.store(all);
    Numbers<A, kN / 2> halves;
    halves.load_from(all);
    halves.add(all + kN / 2);
    return sum_of_lanes(halves);
  }
}

// Sum of the squares of D numbers, in an order that does not depend on the machine's vectors.
template <class A, int64_t kD>
[[gnu::always_inline]] inline A sum_of_squares(const A* g, Columns<kD> D) {
  constexpr int64_t kLanes = kD > 0 ? std::min<int64_t>(16, power_of_two_below(kD)) : 16;
  Numbers<A, kLanes> sums;
  int64_t d = 0;
  for (; d + kLanes <= D; d += kLanes) sums.add_squares(g + d);
  A sum = sum_of_lanes(sums);
  for (; d < D; ++d) sum += g[d] * g[d];
  return sum;
}

// Asks for the cache lines of a row that will be wanted soon: rows in a scattered order are rarely in the
// cache.
template <class T>
[[gnu::always_inline]] inline void prefetch(const T* row, int64_t count) {
  const char* at = reinterpret_cast<const char*>(row);
  const int64_t bytes = count * static_cast<int64_t>(sizeof(T));
  for (int64_t k = 0; k < bytes; k += 64) __builtin_prefetch(at + k);
  if (bytes % 64 != 0) __builtin_prefetch(at + bytes - 1);
}

// How many rows of D numbers lie between a prefetch and the use: memory answers late, and many questions at
// once. Measured on rows of 64 bytes: half the time of 12, and no faster beyond.
template <class T>
[[gnu::always_inline]] inline int64_t rows_ahead(int64_t D) {
  constexpr int64_t kLines = 128;  // a quarter of the smallest first cache
  const int64_t lines_of_a_row = (D * static_cast<int64_t>(sizeof(T)) + 63) / 64;
  return lines_of_a_row < kLines ? kLines / lines_of_a_row : 1;
}

}  // namespace
}  // namespace esmm::ops
