#include "esmm/ops/kernels.h"

#include "esmm/ops/cuda/cuda_library.h"

namespace esmm::ops {

const Kernels& kernels_for(const torch::Tensor& table) {
  static constexpr Kernels cpu{cpu::bags_forward, cpu::update_table};
  static constexpr Kernels any{any_device::bags_forward, any_device::update_table};
  if (table.is_cpu()) return cpu;
  // CUDA's kernels are for float and bfloat16.
  return table.is_cuda() && table.scalar_type() != torch::kDouble ? cuda_library().kernels : any;
}

}  // namespace esmm::ops
