#pragma once

#include <functional>
#include <memory>

#include "esmm/ops/cuda/cuda_library.h"

namespace esmm::ops::cuda {

// CudaLibrary::capture.
std::unique_ptr<Graph> capture(const c10::Stream& stream, const std::function<void()>& body);

}  // namespace esmm::ops::cuda
