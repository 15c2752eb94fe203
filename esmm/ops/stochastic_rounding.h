#pragma once

#include <cstdint>

#include "esmm/ops/host_device.h"

namespace esmm::ops {

// Stochastic rounding of float to bfloat16, whose numbers are floats without their last 16 bits: a random
// 16-bit number is added to those before they fall away, so that the rounded number is right on average, and
// updates too small for bfloat16 are not lost. The random number is a hash of (seed, step, row, column): the
// same on any device and any number of threads.
//   key    = low 32 bits of mix(mix(seed + step) + row), mix as in SplitMix64
//   random = low 16 bits of the finaliser of MurmurHash3 of key + column * 0x9E3779B9
//   result = (bits of the float + random) >> 16; what is not a number stays none
ESMM_HOST_DEVICE uint64_t mix64(uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

ESMM_HOST_DEVICE uint64_t rounding_key_of_step(uint64_t seed, int64_t step) {
  return mix64(seed + static_cast<uint64_t>(step));
}

ESMM_HOST_DEVICE uint32_t rounding_key_of_row(uint64_t step_key, int64_t row) {
  return static_cast<uint32_t>(mix64(step_key + static_cast<uint64_t>(row)));
}

ESMM_HOST_DEVICE uint32_t rounding_random(uint32_t row_key, uint32_t column) {
  uint32_t h = row_key + column * 0x9E3779B9U;
  h = (h ^ (h >> 16)) * 0x85EBCA6BU;
  h = (h ^ (h >> 13)) * 0xC2B2AE35U;
  return (h ^ (h >> 16)) & 0xFFFFU;
}

ESMM_HOST_DEVICE uint16_t rounded_bits(uint32_t float_bits, uint32_t random) {
  const bool is_nan = (float_bits & 0x7FFFFFFFU) > 0x7F800000U;
  return static_cast<uint16_t>((is_nan ? float_bits | 0x00400000U : float_bits + random) >> 16);
}

}  // namespace esmm::ops
