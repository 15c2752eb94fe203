#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "esmm/core/error.h"
#include "esmm/train/files/tensor_file.h"

namespace esmm::train {

// A run whose numbers are no numbers any more.
class Diverged : public Error {
 public:
  using Error::Error;
};

// Each throws Diverged, saying what to try, where a number is nan or infinite. step, run: for the message.
void require_finite_losses(const std::map<std::string, double>& losses, int64_t step,
                           const std::filesystem::path& run);
void require_finite_parameters(const NamedTensors& parameters, int64_t step,
                               const std::filesystem::path& run);

}  // namespace esmm::train
