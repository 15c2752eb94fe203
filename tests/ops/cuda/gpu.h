#pragma once

#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/types.h>

#include <catch2/catch.hpp>
#include <string>

#include "esmm/ops/cuda/cuda_library.h"

namespace esmm::test {

// Loaded before main, since it must come before anything asks LibTorch for a device.
inline const std::string& kWhyNoCuda = ops::load_cuda();

// Whether there is a GPU to test on; says why not.
inline bool has_gpu() {
  std::string why_not = kWhyNoCuda;
  if (why_not.empty() && c10::impl::getDeviceGuardImpl(torch::kCUDA)->deviceCount() == 0) why_not = "no GPU";
  if (why_not.empty()) return true;
  WARN("skipped, nothing was tested on a GPU: " << why_not);
  return false;
}

}  // namespace esmm::test
