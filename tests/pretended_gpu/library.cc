#include <cstring>

#include "esmm/ops/cuda/cuda_library.h"
#include "tests/ops/without_room.h"
#include "tests/pretended_gpu/memory.h"
#include "tests/pretended_gpu/streams.h"

// What libesmm_cuda.so gives, with the CPU's kernels.
namespace esmm::test::pretended_gpu {
namespace {

using torch::Tensor;

Tensor on_host_if_any(const Tensor& tensor) { return tensor.defined() ? on_host(tensor) : tensor; }

ops::TableBags bags_on_host(const ops::TableBags& bags) {
  ops::TableBags here = bags;
  here.rows = on_host(bags.rows);
  here.offsets = on_host(bags.offsets);
  here.weights = on_host_if_any(bags.weights);
  return here;
}

// Kernels are put on the default stream, or captured.
void put_kernel(Work work) {
  TORCH_CHECK(capturing() || !later(), "pretended GPU: a kernel on a stream of its own");
  put(std::move(work), {});
}

Tensor bags_forward(const Tensor& table, const ops::TableBags& bags, torch::ScalarType type) {
  const int64_t count = bags.offsets.numel() - 1;
  const Tensor out =
      torch::empty({count / bags.fields, bags.fields * table.size(1)}, table.options().dtype(type));
  put_kernel([there = on_host(out), table = on_host(table), bags = bags_on_host(bags), type] {
    Tensor(there).copy_(ops::cpu::bags_forward(table, without_room(bags), type));
  });
  return out;
}

void update_table(ops::UpdateRule rule, Tensor& table, const ops::TableState& state,
                  const ops::TableGradient& gradient, const ops::UpdateOptions& options) {
  ops::TableState state_here = state;
  for (auto& [name, tensor] : state_here) tensor = on_host(tensor);
  ops::TableGradient gradient_here;
  for (const ops::BagGradient& part : gradient) {
    ops::BagGradient here = part;
    here.bags = bags_on_host(part.bags);
    here.grad_out = on_host(part.grad_out);
    if (here.shared) {
      here.shared->impressions = on_host(part.shared->impressions);
      here.shared->scale = on_host(part.shared->scale);
    }
    gradient_here.push_back(std::move(here));
  }
  put_kernel([=, table = on_host(table)] {
    ops::UpdateOptions now = options;
    if (options.on_device != nullptr) std::memcpy(&now, host_address(options.on_device), sizeof(now));
    Tensor moved = table;
    ops::TableGradient without = gradient_here;
    for (ops::BagGradient& part : without) part.bags = without_room(part.bags);
    ops::cpu::update_table(rule, moved, state_here, without, now);
  });
}

void put_options(ops::UpdateRule, const ops::UpdateOptions& options, const Tensor& bytes) {
  std::memcpy(host_address(bytes.const_data_ptr()), &options, sizeof(options));
}

int64_t free_memory(int64_t) { return int64_t{4} << 30; }

}  // namespace
}  // namespace esmm::test::pretended_gpu

extern "C" __attribute__((visibility("default"))) const esmm::ops::CudaLibrary* esmm_cuda_library() {
  namespace gpu = esmm::test::pretended_gpu;
  static constexpr esmm::ops::CudaLibrary library{.kernels = {gpu::bags_forward, gpu::update_table},
                                                  .put_options = gpu::put_options,
                                                  .options_bytes = sizeof(esmm::ops::UpdateOptions),
                                                  .capture = gpu::capture,
                                                  .free_memory = gpu::free_memory};
  return &library;
}
