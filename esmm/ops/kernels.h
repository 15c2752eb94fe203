#pragma once

#include <torch/types.h>

#include <cstdint>

#include "esmm/ops/bags.h"
#include "esmm/ops/table_updates.h"

namespace esmm::ops {

// One device's kernels: the functions of bags.h and table_updates.h on arguments that are checked and
// contiguous.
struct Kernels {
  torch::Tensor (*bags_forward)(const torch::Tensor& table, const torch::Tensor& rows,
                                const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields);
  RowGradient (*bags_backward)(const torch::Tensor& grad_out, const torch::Tensor& rows,
                               const torch::Tensor& offsets, const torch::Tensor& weights,
                               int64_t table_rows);
  void (*adam_dense)(torch::Tensor& table, torch::Tensor& m, torch::Tensor& v, const RowGradient& gradient,
                     int64_t step, const AdamOptions& options, const L2& l2);
  void (*adagrad_rowwise)(torch::Tensor& table, torch::Tensor& s, const RowGradient& gradient,
                          double learning_rate, double epsilon, const L2& l2);
};

// The only place that knows devices.
const Kernels& kernels_for(const torch::Device& device);

namespace cpu {

torch::Tensor bags_forward(const torch::Tensor& table, const torch::Tensor& rows,
                           const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields);
RowGradient bags_backward(const torch::Tensor& grad_out, const torch::Tensor& rows,
                          const torch::Tensor& offsets, const torch::Tensor& weights, int64_t table_rows);
void adam_dense(torch::Tensor& table, torch::Tensor& m, torch::Tensor& v, const RowGradient& gradient,
                int64_t step, const AdamOptions& options, const L2& l2);
void adagrad_rowwise(torch::Tensor& table, torch::Tensor& s, const RowGradient& gradient,
                     double learning_rate, double epsilon, const L2& l2);

}  // namespace cpu

// From LibTorch's own operators: any device, several times slower.
namespace any_device {

torch::Tensor bags_forward(const torch::Tensor& table, const torch::Tensor& rows,
                           const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields);
RowGradient bags_backward(const torch::Tensor& grad_out, const torch::Tensor& rows,
                          const torch::Tensor& offsets, const torch::Tensor& weights, int64_t table_rows);
void adam_dense(torch::Tensor& table, torch::Tensor& m, torch::Tensor& v, const RowGradient& gradient,
                int64_t step, const AdamOptions& options, const L2& l2);
void adagrad_rowwise(torch::Tensor& table, torch::Tensor& s, const RowGradient& gradient,
                     double learning_rate, double epsilon, const L2& l2);

}  // namespace any_device
}  // namespace esmm::ops
