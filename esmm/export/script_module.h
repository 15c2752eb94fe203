#pragma once

#include "esmm/train/trainer.h"

#include <torch/script.h>

namespace esmm::exporting {

// A run's model as a TorchScript module of standard operators: parameters as float32, in eval mode. Tables
// are not copied.
torch::jit::Module make_script_module(const train::Run& run);

}  // namespace esmm::exporting
