#pragma once

#include <torch/types.h>

#include <cstdint>

#include "esmm/ops/bags.h"
#include "esmm/ops/table_updates.h"

// What the kernels must compute, written as the formulas stand in bags.h and table_updates.h: one plain loop,
// in double, without checks. For tests and for whoever wonders what a kernel is about.
namespace esmm::ops::reference {

// double [B, F * D]
torch::Tensor bags_forward(const torch::Tensor& table, const torch::Tensor& rows,
                           const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields);

// values: double
RowGradient bags_backward(const torch::Tensor& grad_out, const torch::Tensor& rows,
                          const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields,
                          int64_t table_rows);

// Tensors of the state are double and change in place.
void adam_dense(torch::Tensor& table, torch::Tensor& m, torch::Tensor& v, const RowGradient& gradient,
                int64_t step, const AdamOptions& options, const L2& l2);
void adagrad_rowwise(torch::Tensor& table, torch::Tensor& s, const RowGradient& gradient,
                     double learning_rate, double epsilon, const L2& l2);

}  // namespace esmm::ops::reference
