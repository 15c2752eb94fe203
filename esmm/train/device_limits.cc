#include "esmm/train/device_limits.h"

#include <ATen/cpu/Utils.h>
#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/core/log.h"

namespace esmm::train {
namespace {

bool multiplies_bfloat16() {
  const auto found = at::cpu::get_cpu_capabilities();
  for (const char* name : {"avx512_bf16", "amx_bf16", "bf16"}) {  // the last is Arm's
    if (const auto has = found.find(name); has != found.end() && has->second.toBool()) return true;
  }
  return false;
}

}  // namespace

void check_device_limits(const TrainConfig& config, const c10::Device& device) {
  // Users apart have kernels for the CPU alone (ops/sided_linear.h); grouped but not apart, they would learn
  // less than shuffled ones (ops/update_rule.h).
  if (config.impressions_per_user > 0 && !device.is_cpu()) {
    throw Error({.what = "users are looked up once on a CPU alone",
                 .where = "train.impressions_per_user",
                 .expected = "0 on " + device.str(),
                 .got = fmt::format("{}", config.impressions_per_user),
                 .hint = "set it to 0, or train.device to cpu"});
  }
  if (!device.is_cpu()) return;
  if (config.precision == Precision::tf32)
    log::warn("train.precision is tf32, which only GPUs multiply in: this is fp32");
  if (config.precision == Precision::bf16 && !multiplies_bfloat16()) {
    log::warn(
        "train.precision is bf16 and this CPU multiplies no bfloat16 by itself: fp32 would be as fast or "
        "faster");
  }
}

}  // namespace esmm::train
