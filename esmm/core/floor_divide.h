#pragma once

#include <cstdint>

namespace esmm {

// The quotient rounded down, and what is left of it: in [0, b). b > 0.
constexpr int64_t floor_divide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
constexpr int64_t floor_modulo(int64_t a, int64_t b) { return a % b + (a % b < 0 ? b : 0); }

}  // namespace esmm
