#pragma once

#include "esmm/core/vectors.h"

namespace esmm::ops {

// What the CPU's inner loops use (row_kernels.h): the widest available, unless a test asks for others, which
// have to be available.
Vectors vectors_in_use();
void use_vectors(Vectors vectors);

}  // namespace esmm::ops
