#include "esmm/ops/kernels.h"

namespace esmm::ops {

const Kernels& kernels_for(const torch::Device& device) {
  static constexpr Kernels cpu{cpu::bags_forward, cpu::bags_backward, cpu::adam_dense, cpu::adagrad_rowwise};
  static constexpr Kernels any{any_device::bags_forward, any_device::bags_backward, any_device::adam_dense,
                               any_device::adagrad_rowwise};
  return device.is_cpu() ? cpu : any;
}

}  // namespace esmm::ops
