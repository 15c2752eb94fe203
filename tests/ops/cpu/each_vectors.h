#pragma once

#include <catch2/catch.hpp>

#include "esmm/ops/cpu/vectors.h"

namespace esmm::test {

// Calls body() with each kind of vectors that this machine has in use, then gives back the widest.
template <class Body>
void with_each_vectors(const Body& body) {
  for (const Vectors vectors : available_vectors()) {
    INFO("vectors " << static_cast<int>(vectors));
    ops::use_vectors(vectors);
    body();
  }
}

}  // namespace esmm::test
