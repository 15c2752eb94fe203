#include "esmm/core/vectors.h"

namespace esmm {
namespace {

std::vector<Vectors> find_available() {
  std::vector<Vectors> found{Vectors::portable};
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
      __builtin_cpu_supports("popcnt")) {
    found.push_back(Vectors::avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")) {
      found.push_back(Vectors::avx512);
    }
  }
#endif
  return found;
}

}  // namespace

const std::vector<Vectors>& available_vectors() {
  static const std::vector<Vectors> available = find_available();
  return available;
}

}  // namespace esmm
