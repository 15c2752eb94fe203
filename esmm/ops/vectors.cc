#include "esmm/ops/vectors.h"

#include <algorithm>
#include <atomic>

#include "esmm/core/error.h"

namespace esmm::ops {
namespace {

std::vector<Vectors> find_available() {
  std::vector<Vectors> found{Vectors::portable};
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    found.push_back(Vectors::avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")) {
      found.push_back(Vectors::avx512);
    }
  }
#endif
  return found;
}

std::atomic<Vectors>& in_use() {
  static std::atomic<Vectors> vectors = available_vectors().back();
  return vectors;
}

}  // namespace

const std::vector<Vectors>& available_vectors() {
  static const std::vector<Vectors> available = find_available();
  return available;
}

Vectors vectors_in_use() { return in_use(); }

void use_vectors(Vectors vectors) {
  const std::vector<Vectors>& available = available_vectors();
  if (std::find(available.begin(), available.end(), vectors) == available.end())
    throw InternalError("vectors that this machine does not have");
  in_use() = vectors;
}

}  // namespace esmm::ops
