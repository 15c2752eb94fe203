#pragma once

#include <string>

#include "esmm/ops/kernels.h"

// CUDA's kernels lie in a library of their own, libesmm_cuda.so beside the programs: these do not link CUDA,
// and one build serves machines with and without a GPU.
namespace esmm::ops {

// Loads the library and, before it, LibTorch's CUDA part, which makes GPUs known to LibTorch: so it must come
// before anything asks LibTorch for one. Returns why they cannot be loaded; empty: they are. Any thread may
// call it; all calls but the first only look at what that one found.
const std::string& load_cuda();

// Throws Error where load_cuda() gives a reason why they cannot be loaded.
const Kernels& cuda_kernels();

}  // namespace esmm::ops
