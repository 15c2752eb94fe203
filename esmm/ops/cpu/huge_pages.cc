#include "esmm/ops/cpu/huge_pages.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <cstdint>

namespace esmm::ops {
namespace {

constexpr uintptr_t kHugePage = uintptr_t{1} << 21;

}  // namespace

torch::Tensor empty_in_huge_pages(torch::IntArrayRef sizes, const torch::TensorOptions& options) {
  torch::Tensor tensor = torch::empty(sizes, options);
#ifdef __linux__
  if (!tensor.is_cpu()) return tensor;
  const auto begin = reinterpret_cast<uintptr_t>(tensor.data_ptr());
  const uintptr_t first = (begin + kHugePage - 1) / kHugePage * kHugePage;
  const uintptr_t last = (begin + tensor.nbytes()) / kHugePage * kHugePage;
  // Only advice: where it is not taken, all works as before.
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
  return tensor;
}

}  // namespace esmm::ops
