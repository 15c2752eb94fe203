#include "esmm/ops/cpu/vectors.h"

#include <algorithm>
#include <atomic>

#include "esmm/core/error.h"

namespace esmm::ops {
namespace {

std::atomic<Vectors>& in_use() {
  static std::atomic<Vectors> vectors = available_vectors().back();
  return vectors;
}

}  // namespace

Vectors vectors_in_use() { return in_use(); }

void use_vectors(Vectors vectors) {
  const std::vector<Vectors>& available = available_vectors();
  if (std::find(available.begin(), available.end(), vectors) == available.end())
    throw InternalError("vectors that this machine does not have");
  in_use() = vectors;
}

}  // namespace esmm::ops
