#pragma once

#include "esmm/core/vectorised.h"
#include "esmm/ops/cpu/vectors.h"

namespace esmm::ops {

// Calls body() compiled for the vectors in use (vectors.h).
template <class Body>
void vectorised(const Body& body) {
  esmm::vectorised(vectors_in_use(), body);
}

}  // namespace esmm::ops
