#include "esmm/train/device_limits.h"

#include <ATen/cpu/Utils.h>

#include "esmm/core/log.h"

namespace esmm::train {
namespace {

bool by_intel() {
#ifdef __x86_64__
  return __builtin_cpu_is("intel");
#else
  return false;
#endif
}

// What LibTorch found this CPU to have.
std::set<std::string> capabilities() {
  std::set<std::string> names;
  for (const auto& [name, has] : at::cpu::get_cpu_capabilities()) {
    if (has.isBool() && has.toBool()) names.insert(name);
  }
  return names;
}

}  // namespace

bool bfloat16_is_faster(const std::set<std::string>& capabilities, bool intel) {
  const auto has = [&](const char* name) { return capabilities.contains(name); };
  return has("amx_bf16") || (has("avx512_bf16") && !intel) || has("bf16");  // the last is Arm's
}

void check_device_limits(const TrainConfig& config, const c10::Device& device) {
  if (!device.is_cpu()) return;
  if (config.precision == Precision::tf32)
    log::warn("train.precision is tf32, which only GPUs multiply in: this is fp32");
  if (config.precision == Precision::bf16 && !bfloat16_is_faster(capabilities(), by_intel())) {
    log::warn(
        "train.precision is bf16, which this CPU multiplies no faster than floats: fp32 would be faster");
  }
}

}  // namespace esmm::train
