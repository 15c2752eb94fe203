#pragma once

#include <bit>
#include <cstdint>

namespace esmm::ops {

// A bfloat16 number as its bits, with conversions that loops over arrays are made vectors of.
struct Bfloat16 {
  uint16_t bits;

  Bfloat16() = default;
  // To the nearest, ties to even.
  explicit Bfloat16(float number) {
    const auto all = std::bit_cast<uint32_t>(number);
    const uint32_t rounded = (all + 0x7fff + ((all >> 16) & 1)) >> 16;
    bits = static_cast<uint16_t>(number == number ? rounded : uint32_t{0x7fc0});
  }
  explicit operator float() const { return std::bit_cast<float>(uint32_t{bits} << 16); }
};

}  // namespace esmm::ops
