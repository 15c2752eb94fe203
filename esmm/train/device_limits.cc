#include "esmm/train/device_limits.h"

#include "esmm/core/log.h"
#include "esmm/ops/matrix_product.h"

namespace esmm::train {

void check_device_limits(const TrainConfig& config, const c10::Device& device) {
  if (!device.is_cpu()) return;
  if (config.precision == Precision::tf32)
    log::warn("train.precision is tf32, which only GPUs multiply in: this is fp32");
  if (config.precision == Precision::bf16 && !ops::bfloat16_is_faster()) {
    log::warn(
        "train.precision is bf16, which this CPU multiplies no faster than floats: numbers are rounded to "
        "bfloat16 and multiplied as floats, and fp32 is at least as fast");
  }
}

}  // namespace esmm::train
