#pragma once

#include <vector>

namespace esmm::ops {

// The kinds of vectors that the CPU's inner loops are compiled for (row_kernels.h).
enum class Vectors { portable, avx2, avx512 };

// Those that this machine has, from the narrowest.
const std::vector<Vectors>& available_vectors();

// What the kernels use: the widest available, unless a test asks for others, which has to be available.
Vectors vectors_in_use();
void use_vectors(Vectors vectors);

}  // namespace esmm::ops
