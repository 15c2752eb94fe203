#pragma once

#include <cstdint>

#include "esmm/ops/host_device.h"

namespace esmm::ops {

// A bfloat16 number as its bits, with conversions that loops over arrays are made vectors of.
struct Bfloat16 {
  uint16_t bits;

  Bfloat16() = default;
  // To the nearest, ties to even.
  ESMM_HOST_DEVICE explicit Bfloat16(float number) {
    const auto all = __builtin_bit_cast(uint32_t, number);
    const uint32_t rounded = (all + 0x7fff + ((all >> 16) & 1)) >> 16;
    bits = static_cast<uint16_t>(number == number ? rounded : uint32_t{0x7fc0});
  }
  ESMM_HOST_DEVICE explicit operator float() const { return __builtin_bit_cast(float, uint32_t{bits} << 16); }
};

}  // namespace esmm::ops
