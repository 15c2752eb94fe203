#pragma once

#include "esmm/core/vectors.h"

namespace esmm {

// Calls body() compiled for the vectors. What body calls is inlined into each version, so it should be small
// loops over plain memory. (Not target_clones: it does not go with templates or sanitizers.)
#ifdef __x86_64__

template <class Body>
[[gnu::target("avx512f,avx512vl,avx512dq,avx512bw,fma,bmi,popcnt"), gnu::flatten]] void run_avx512(
    const Body& body) {
  body();
}

template <class Body>
[[gnu::target("avx2,fma,bmi,popcnt"), gnu::flatten]] void run_avx2(const Body& body) {
  body();
}

template <class Body>
void vectorised(Vectors vectors, const Body& body) {
  switch (vectors) {
    case Vectors::avx512:
      return run_avx512(body);
    case Vectors::avx2:
      return run_avx2(body);
    case Vectors::portable:
      return body();
  }
}

#else

template <class Body>
void vectorised(Vectors, const Body& body) {
  body();
}

#endif

}  // namespace esmm
