#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "esmm/train/tensor_file.h"

namespace esmm::train {

// Each throws Error, saying what to try, where a number is nan or infinite. step, run: for the message.
void require_finite_losses(const std::map<std::string, double>& losses, int64_t step,
                           const std::filesystem::path& run);
void require_finite_parameters(const NamedTensors& parameters, int64_t step,
                               const std::filesystem::path& run);

}  // namespace esmm::train
