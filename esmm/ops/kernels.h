#pragma once

#include <torch/types.h>

#include "esmm/ops/bags.h"
#include "esmm/ops/table_updates.h"

namespace esmm::ops {

// What every device has: the functions of bags.h and table_updates.h on arguments that are checked and
// contiguous.
using BagsForward = torch::Tensor(const torch::Tensor& table, const TableBags& bags, torch::ScalarType type);
using UpdateTable = void(UpdateRule rule, torch::Tensor& table, const TableState& state,
                         const TableGradient& gradient, const UpdateOptions& options);

struct Kernels {
  BagsForward* bags_forward;
  UpdateTable* update_table;
};

// The only place that knows devices: the kernels for a table where it lies, of its type. Throws Error where
// it lies on a GPU and CUDA's kernels cannot be loaded (cuda_library.h).
const Kernels& kernels_for(const torch::Tensor& table);

namespace cpu {

BagsForward bags_forward;
UpdateTable update_table;

}  // namespace cpu

// From LibTorch's own operators: any device and type, several times slower; on a GPU the host waits for it.
namespace any_device {

BagsForward bags_forward;
UpdateTable update_table;

}  // namespace any_device
}  // namespace esmm::ops
