#pragma once

#include <c10/core/Device.h>

#include "esmm/config/train_config.h"

namespace esmm::train {

// Throws Error where the device cannot train as the config says; warns in the log where it has no use of it.
void check_device_limits(const TrainConfig& config, const c10::Device& device);

}  // namespace esmm::train
