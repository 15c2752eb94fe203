#pragma once

#include "esmm/ops/vectors.h"

namespace esmm::ops {

// Calls body() compiled for the vectors in use (vectors.h). What body calls is inlined into each version, so
// it should be small loops over plain memory. (Not target_clones: it does not go with templates or
// sanitizers.)
#ifdef __x86_64__

template <class Body>
[[gnu::target("avx512f,avx512vl,avx512dq,avx512bw,fma"), gnu::flatten]] void run_avx512(const Body& body) {
  body();
}

template <class Body>
[[gnu::target("avx2,fma"), gnu::flatten]] void run_avx2(const Body& body) {
  body();
}

template <class Body>
void vectorised(const Body& body) {
  switch (vectors_in_use()) {
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
void vectorised(const Body& body) {
  body();
}

#endif

}  // namespace esmm::ops
