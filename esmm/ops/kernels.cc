#include "esmm/ops/kernels.h"

namespace esmm::ops {

const Kernels& kernels_for(const torch::Device& device) {
  static constexpr Kernels cpu{cpu::bags_forward, cpu::update_table};
  static constexpr Kernels any{any_device::bags_forward, any_device::update_table};
  return device.is_cpu() ? cpu : any;
}

}  // namespace esmm::ops
