#pragma once

#include <torch/types.h>

#include <cstdint>

#include "esmm/ops/bags.h"

namespace esmm::ops {

// All updates are in place. L2 acts on looked-up rows: gradient[r] += l2 * counts[r] / B * table[r] first.
struct L2 {
  double strength = 0.0;
  int64_t batch_size = 1;  // B
};

// Adam as torch::optim::Adam does it, on the whole table: rows without a gradient move too, by their
// momentum.
//   m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g^2;  table -= lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t))
//   + eps)
// m, v: like the table [V, D]; step: t, from 1.
struct AdamOptions {
  double learning_rate, beta1, beta2, epsilon;
};
void adam_dense(torch::Tensor& table, torch::Tensor& m, torch::Tensor& v, const RowGradient& gradient,
                int64_t step, const AdamOptions& options, const L2& l2);

// Row-wise Adagrad (as in DLRM and FBGEMM): one accumulator per row.
//   s[r] += mean over d of g[r, d]^2;   table[r] -= lr * g[r] / (sqrt(s[r]) + eps)
// s: [V], the table's dtype.
void adagrad_rowwise(torch::Tensor& table, torch::Tensor& s, const RowGradient& gradient,
                     double learning_rate, double epsilon, const L2& l2);

}  // namespace esmm::ops
