#include "esmm/train/device_limits.h"

#include <ATen/cpu/Utils.h>

#include "esmm/core/log.h"

namespace esmm::train {
namespace {

// Whether vectors of bfloat16 are multiplied at twice the rate of floats. AMD's AVX512-BF16 does; Intel's
// takes four times as long as a product of floats for twice the numbers, and is meant for AMX to replace.
bool fast_vectors() {
#ifdef __x86_64__
  return !__builtin_cpu_is("intel");
#else
  return true;
#endif
}

bool multiplies_bfloat16_faster() {
  const auto found = at::cpu::get_cpu_capabilities();
  const auto has = [&](const char* name) {
    const auto at = found.find(name);
    return at != found.end() && at->second.toBool();
  };
  return has("amx_bf16") || (has("avx512_bf16") && fast_vectors()) || has("bf16");  // the last is Arm's
}

}  // namespace

void check_device_limits(const TrainConfig& config, const c10::Device& device) {
  if (!device.is_cpu()) return;
  if (config.precision == Precision::tf32)
    log::warn("train.precision is tf32, which only GPUs multiply in: this is fp32");
  if (config.precision == Precision::bf16 && !multiplies_bfloat16_faster()) {
    log::warn(
        "train.precision is bf16, which this CPU multiplies no faster than floats: fp32 would be faster");
  }
}

}  // namespace esmm::train
