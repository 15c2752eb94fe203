#pragma once

#include <vector>

namespace esmm {

// The kinds of vectors that inner loops are compiled for.
enum class Vectors {
  portable,
  avx2,    // with FMA, BMI and POPCNT
  avx512,  // F, VL, DQ and BW, and what avx2 has
};

// Those that this machine has, from the narrowest.
const std::vector<Vectors>& available_vectors();

}  // namespace esmm
