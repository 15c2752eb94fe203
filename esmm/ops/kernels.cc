#include "esmm/ops/kernels.h"

#include "esmm/core/error.h"

namespace esmm::ops {

const Kernels& kernels_for(const torch::Device& device) {
  static constexpr Kernels cpu{cpu::bags_forward, cpu::bags_backward, cpu::adam_dense, cpu::adagrad_rowwise};
  if (device.is_cpu()) return cpu;
  throw Error(Problem{.what = "the embedding table has no kernels for this device",
                      .where = "",
                      .expected = "cpu",
                      .got = device.str(),
                      .hint = "set train.device to cpu"});
}

}  // namespace esmm::ops
