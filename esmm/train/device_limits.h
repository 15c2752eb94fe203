#pragma once

#include <c10/core/Device.h>

#include <set>
#include <string>

#include "esmm/config/train_config.h"

namespace esmm::train {

// Whether a CPU multiplies bfloat16 faster than floats; capabilities: those it has of
// at::cpu::get_cpu_capabilities(). AMD's AVX512-BF16 multiplies at twice the rate of floats; Intel's takes
// four times as long as a product of floats for twice the numbers, and leaves the work to AMX.
bool bfloat16_is_faster(const std::set<std::string>& capabilities, bool intel);

// Warns in the log where the device has no use of what the config says.
void check_device_limits(const TrainConfig& config, const c10::Device& device);

}  // namespace esmm::train
