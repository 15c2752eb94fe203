#pragma once

#include <torch/types.h>

#include <cstdint>

namespace esmm::ops {

// B x F bags of a table's rows, row by row: bag b * F + f is that of row b and field f.
struct TableBags {
  torch::Tensor rows;     // int32 [N]
  torch::Tensor offsets;  // int64 [B * F + 1], rising from 0 to N
  torch::Tensor weights;  // float [N], effective (pooling applied); undefined: all 1
  int64_t fields = 0;     // F
};

// Rows that a step touched, with the gradient of each: what a table's optimiser works on. U <= N.
struct RowGradient {
  torch::Tensor rows;    // int32 [U], rising, no repeats
  torch::Tensor values;  // [U, D], the table's dtype
  torch::Tensor counts;  // int32 [U]: how many ids named the row
};

// Weighted sums of table rows:
//   for bag in 0 .. B*F-1:  out[bag / F, (bag % F) * D + d] = sum over i in bag of weights[i] *
//   table[rows[i], d]
// table float or double [V, D]; rows int32 [N], each in [0, V); offsets int64 [B * F + 1], rising from 0 to
// N; weights: the table's dtype [N], or undefined (all 1). Returns [B, F * D]; an empty bag gives zeros.
// Throws Error on rows or offsets out of range (checked on the host).
torch::Tensor bags_forward(const torch::Tensor& table, const torch::Tensor& rows,
                           const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields);

// Gradient of the above with regard to the table, reduced by row; the order of summation depends on nothing
// but the input.
//   gradient[r] = sum over i with rows[i] = r of weights[i] * grad_out[bag(i) / F, (bag(i) % F) * D ..]
RowGradient bags_backward(const torch::Tensor& grad_out, const torch::Tensor& rows,
                          const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields,
                          int64_t table_rows);

}  // namespace esmm::ops
