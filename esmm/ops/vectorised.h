#pragma once

namespace esmm::ops {

// Calls body() compiled for the widest vectors that the machine has: AVX-512, AVX2 or the baseline. What body
// calls is inlined into each version, so it should be small loops over plain memory. (Not target_clones: it
// does not go with templates or sanitizers.)
#ifdef __x86_64__

template <class Body>
[[gnu::target("avx512f,avx512vl,avx512dq,avx512bw,fma"), gnu::flatten]] void run_avx512(const Body& body) {
  body();
}

template <class Body>
[[gnu::target("avx2,fma"), gnu::flatten]] void run_avx2(const Body& body) {
  body();
}

enum class Vectors { baseline, avx2, avx512 };

inline Vectors widest_vectors() {
  static const Vectors widest = [] {
    const bool fma = __builtin_cpu_supports("fma");
    if (fma && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")) {
      return Vectors::avx512;
    }
    return fma && __builtin_cpu_supports("avx2") ? Vectors::avx2 : Vectors::baseline;
  }();
  return widest;
}

template <class Body>
void vectorised(const Body& body) {
  switch (widest_vectors()) {
    case Vectors::avx512:
      return run_avx512(body);
    case Vectors::avx2:
      return run_avx2(body);
    case Vectors::baseline:
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
