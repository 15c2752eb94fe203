#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "esmm/ops/cuda/grid_parts.h"
#include "esmm/ops/update_rule.h"

// CUDA's kernels on plain memory of the device, without LibTorch: what nvcc compiles (*_cuda.cu) and
// kernels_cuda.cc calls. All of it is put on a stream and waits for nothing: grids are as large as the
// arrays, and what is counted stays on the device. So each call can be captured into a CUDA graph.
namespace esmm::ops::cuda {

enum class Number { float32, bfloat16 };

// bags_forward (bags.h) on pointers.
struct LookUp {
  Number table_type, out_type;
  const void* table;  // [V, D]
  int64_t dimension;
  const int32_t* rows;
  const int64_t* offsets;  // [bags + 1]
  const float* weights;    // null: all 1
  void* out;               // [bags, D]
  int64_t bags;
};

cudaError_t look_up(const LookUp& look_up, cudaStream_t stream);

// update_table (table_updates.h) on pointers.
struct Update {
  UpdateRule rule;
  UpdateOptions options;
  Number table_type, gradient_type;
  void* table;  // [V, D]
  int64_t table_rows, dimension;
  float* state[3];  // as TableState has it
  GridParts parts;
};

// Bytes of the device's memory that a rule's options take there.
constexpr int64_t kOptionsBytes = 64;

// Puts them there: UpdateOptions::on_device.
cudaError_t put_options(UpdateRule rule, const UpdateOptions& options, void* on_device, cudaStream_t stream);

// Bytes of the device's memory that update() needs to work in.
cudaError_t update_space(const Update& update, size_t& bytes);
// space: aligned to 256 bytes.
cudaError_t update(const Update& update, void* space, cudaStream_t stream);

}  // namespace esmm::ops::cuda
