#pragma once

#include <c10/core/Stream.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "esmm/ops/kernels.h"

// CUDA's kernels lie in a library of their own, libesmm_cuda.so beside the programs: these do not link CUDA,
// and one build serves machines with and without a GPU.
namespace esmm::ops {

// Launches of kernels, recorded once, to run again all at once.
class Graph {
 public:
  virtual ~Graph() = default;
  // On the calling thread's current stream. Waits for nothing.
  virtual void replay() = 0;
};

// What the library gives.
struct CudaLibrary {
  Kernels kernels;
  // Puts a rule's options where UpdateOptions::on_device says. bytes: uint8 [options_bytes] of a GPU.
  void (*put_options)(UpdateRule rule, const UpdateOptions& options, const torch::Tensor& bytes);
  int64_t options_bytes;
  // Records what body puts on its thread's current stream, which is `stream` meanwhile, and does none of it.
  // stream: of a GPU, not its default one, and nobody else's: LibTorch keeps work space of matrix products
  // for each stream that it has captured on. Memory that body takes and still holds stays as it is for all
  // replays. Throws c10::Error where body waits for the device.
  std::unique_ptr<Graph> (*capture)(const c10::Stream& stream, const std::function<void()>& body);
  int64_t (*free_memory)(int64_t device);  // bytes of a GPU that nobody has
};

// Loads the library and, before it, LibTorch's CUDA part, which makes GPUs known to LibTorch: so it must come
// before anything asks LibTorch for one. Returns why they cannot be loaded; empty: they are. Any thread may
// call it; all calls but the first only look at what that one found.
const std::string& load_cuda();

// Throws Error where load_cuda() gives a reason why they cannot be loaded.
const CudaLibrary& cuda_library();

}  // namespace esmm::ops
