#pragma once

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace esmm::ops {

// While it lives, this thread's numbers below 1e-38 (float) count as 0. Momentum that decays for hundreds of
// steps ends there, where each operation would take a hundred times as long.
class FlushDenormals {
 public:
#ifdef __SSE2__
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | kFlushResults | kFlushInputs); }
  ~FlushDenormals() { _mm_setcsr(before_); }
#else
  FlushDenormals() {}
  ~FlushDenormals() {}
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#ifdef __SSE2__
  static constexpr unsigned kFlushResults = 0x8000;
  static constexpr unsigned kFlushInputs = 0x0040;
  unsigned before_;
#endif
};

}  // namespace esmm::ops
