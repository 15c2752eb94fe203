#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "esmm/ops/cuda/cuda_kernels.h"
#include "esmm/ops/cuda/cuda_library.h"
#include "esmm/ops/cuda/graphs_cuda.h"

// CUDA's kernels on tensors: what libesmm_cuda.so gives to the programs (cuda_library.h). All of it runs on
// the calling thread's current stream of the table's device.
namespace esmm::ops::cuda {
namespace {

using torch::Tensor;

Number number_of(const Tensor& tensor) {
  return tensor.scalar_type() == torch::kBFloat16 ? Number::bfloat16 : Number::float32;
}

const float* weights_of(const TableBags& bags) {
  return bags.weights.defined() ? bags.weights.const_data_ptr<float>() : nullptr;
}

void check_device(const TableBags& bags, const Tensor& table) {
  TORCH_CHECK(bags.rows.device() == table.device() && bags.offsets.device() == table.device() &&
                  (!bags.weights.defined() || bags.weights.device() == table.device()),
              "bags: expected rows, offsets and weights on the table's device, ", table.device());
}

Tensor bags_forward(const Tensor& table, const TableBags& bags, torch::ScalarType type) {
  check_device(bags, table);
  const c10::cuda::CUDAGuard guard(table.device());
  const int64_t count = bags.offsets.numel() - 1, D = table.size(1);
  Tensor out = torch::empty({count / bags.fields, bags.fields * D}, table.options().dtype(type));
  C10_CUDA_CHECK(look_up({.table_type = number_of(table),
                          .out_type = number_of(out),
                          .table = table.const_data_ptr(),
                          .dimension = D,
                          .rows = bags.rows.const_data_ptr<int32_t>(),
                          .offsets = bags.offsets.const_data_ptr<int64_t>(),
                          .weights = weights_of(bags),
                          .out = out.mutable_data_ptr(),
                          .bags = count},
                         c10::cuda::getCurrentCUDAStream()));
  return out;
}

void update_table(UpdateRule rule, Tensor& table, const TableState& state, const TableGradient& gradient,
                  const UpdateOptions& options) {
  const c10::cuda::CUDAGuard guard(table.device());
  Update step{.rule = rule,
              .options = options,
              .table_type = number_of(table),
              .gradient_type = Number::float32,
              .table = table.mutable_data_ptr(),
              .table_rows = table.size(0),
              .dimension = table.size(1),
              .state = {},
              .parts = {}};
  for (size_t k = 0; k < state.size(); ++k) step.state[k] = state[k].second.mutable_data_ptr<float>();
  for (const auto& [bags, grad_out, shared] : gradient) {
    check_device(bags, table);
    TORCH_CHECK(grad_out.device() == table.device() &&
                    grad_out.scalar_type() == gradient.front().grad_out.scalar_type(),
                "table update: expected gradients of one type on the table's device");
    TORCH_CHECK(!shared || (shared->impressions.device() == table.device() &&
                            shared->scale.device() == table.device()),
                "table update: expected impressions and scale on the table's device");
    step.gradient_type = number_of(grad_out);
    step.parts.add({.rows = bags.rows.const_data_ptr<int32_t>(),
                    .offsets = bags.offsets.const_data_ptr<int64_t>(),
                    .weights = weights_of(bags),
                    .gradient = grad_out.const_data_ptr(),
                    .ids = bags.rows.numel(),
                    .bags = bags.offsets.numel() - 1,
                    .fields = bags.fields,
                    .impressions = shared ? shared->impressions.const_data_ptr<int32_t>() : nullptr,
                    .scale = shared ? shared->scale.const_data_ptr<float>() : nullptr});
  }
  size_t bytes = 0;
  C10_CUDA_CHECK(update_space(step, bytes));
  // Freed at once, for what comes later on this stream alone.
  const Tensor space = torch::empty({static_cast<int64_t>(bytes)}, table.options().dtype(torch::kByte));
  C10_CUDA_CHECK(update(step, space.mutable_data_ptr(), c10::cuda::getCurrentCUDAStream()));
}

void put_step_options(UpdateRule rule, const UpdateOptions& options, const Tensor& bytes) {
  const c10::cuda::CUDAGuard guard(bytes.device());
  C10_CUDA_CHECK(put_options(rule, options, bytes.mutable_data_ptr(), c10::cuda::getCurrentCUDAStream()));
}

int64_t free_memory(int64_t device) {
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device));
  c10::cuda::CUDACachingAllocator::emptyCache();  // what an earlier run in this process left is free too
  size_t free = 0, total = 0;
  C10_CUDA_CHECK(cudaMemGetInfo(&free, &total));
  return static_cast<int64_t>(free);
}

}  // namespace
}  // namespace esmm::ops::cuda

extern "C" __attribute__((visibility("default"))) const esmm::ops::CudaLibrary* esmm_cuda_library() {
  static constexpr esmm::ops::CudaLibrary library{
      .kernels = {esmm::ops::cuda::bags_forward, esmm::ops::cuda::update_table},
      .put_options = esmm::ops::cuda::put_step_options,
      .options_bytes = esmm::ops::cuda::kOptionsBytes,
      .capture = esmm::ops::cuda::capture,
      .free_memory = esmm::ops::cuda::free_memory};
  return &library;
}
