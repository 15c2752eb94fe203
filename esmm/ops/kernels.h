#pragma once

#include <torch/types.h>

#include <cstdint>

#include "esmm/ops/bags.h"
#include "esmm/ops/table_updates.h"

namespace esmm::ops {

// What every device has: the functions of bags.h and table_updates.h on arguments that are checked and
// contiguous.
using BagsForward = torch::Tensor(const torch::Tensor& table, const torch::Tensor& rows,
                                  const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields);
using BagsBackward = RowGradient(const torch::Tensor& grad_out, const torch::Tensor& rows,
                                 const torch::Tensor& offsets, const torch::Tensor& weights,
                                 int64_t table_rows);
using AdamDense = void(torch::Tensor& table, torch::Tensor& m, torch::Tensor& v, const RowGradient& gradient,
                       int64_t step, const AdamOptions& options, const L2& l2);
using AdagradRowwise = void(torch::Tensor& table, torch::Tensor& s, const RowGradient& gradient,
                            double learning_rate, double epsilon, const L2& l2);

struct Kernels {
  BagsForward* bags_forward;
  BagsBackward* bags_backward;
  AdamDense* adam_dense;
  AdagradRowwise* adagrad_rowwise;
};

// The only place that knows devices.
const Kernels& kernels_for(const torch::Device& device);

namespace cpu {

BagsForward bags_forward;
BagsBackward bags_backward;
AdamDense adam_dense;
AdagradRowwise adagrad_rowwise;

}  // namespace cpu

// From LibTorch's own operators: any device, several times slower.
namespace any_device {

BagsForward bags_forward;
BagsBackward bags_backward;
AdamDense adam_dense;
AdagradRowwise adagrad_rowwise;

}  // namespace any_device
}  // namespace esmm::ops
