#pragma once

#include <cstdint>

#include "esmm/ops/bfloat16.h"
#include "esmm/ops/host_device.h"

// Rows of numbers as the GPU's threads hold them: each lane of a group of threads has kW columns next to each
// other, which it reads and writes at once.
namespace esmm::ops {

template <class T, int kW>
struct alignas(sizeof(T) * kW) Pack {
  T numbers[kW];
};

template <int kW, class T>
ESMM_HOST_DEVICE void load(const T* from, float (&to)[kW]) {
  const auto pack = *reinterpret_cast<const Pack<T, kW>*>(from);
  for (int k = 0; k < kW; ++k) to[k] = static_cast<float>(pack.numbers[k]);
}

template <int kW, class T>
ESMM_HOST_DEVICE void store(const float (&from)[kW], T* to) {
  Pack<T, kW> pack;
  for (int k = 0; k < kW; ++k) pack.numbers[k] = static_cast<T>(from[k]);
  *reinterpret_cast<Pack<T, kW>*>(to) = pack;
}

// sums += weight * from[0 .. kW)
template <int kW, class T>
ESMM_HOST_DEVICE void add(float weight, const T* from, float (&sums)[kW]) {
  float numbers[kW];
  load<kW>(from, numbers);
  for (int k = 0; k < kW; ++k) sums[k] += weight * numbers[k];
}

// Lanes of a group for rows of `dimension` columns: a power of 2, up to a warp.
ESMM_HOST_DEVICE int lanes_for(int64_t dimension, int width) {
  int lanes = 1;
  while (lanes < 32 && int64_t{lanes} * width < dimension) lanes *= 2;
  return lanes;
}

// The most columns, of 4, 2 and 1, that a lane can read at once: D is a multiple of them, and each array
// begins at a multiple of their bytes.
struct Array {
  const void* begin;
  int64_t number_bytes;
};
template <class Arrays>
int width_for(int64_t dimension, const Arrays& arrays) {
  for (const int width : {4, 2}) {
    bool fits = dimension % width == 0;
    for (const Array& array : arrays)
      fits =
          fits &&
          reinterpret_cast<uintptr_t>(array.begin) % static_cast<uintptr_t>(array.number_bytes * width) == 0;
    if (fits) return width;
  }
  return 1;
}

}  // namespace esmm::ops
