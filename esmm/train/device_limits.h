#pragma once

#include <c10/core/Device.h>

#include "esmm/config/train_config.h"

namespace esmm::train {

// Warns in the log where the device has no use of what the config says.
void check_device_limits(const TrainConfig& config, const c10::Device& device);

}  // namespace esmm::train
