#pragma once

#include <torch/types.h>

#include <cstdint>

#include "esmm/ops/bags.h"
#include "esmm/ops/table_updates.h"

// What the kernels must compute, written as the formulas stand in bags.h and update_rule.h: plain loops, in
// double, without checks and without rounding. For tests and for whoever wonders what a kernel is about.
namespace esmm::ops::reference {

// double [B, F * D]
torch::Tensor bags_forward(const torch::Tensor& table, const TableBags& bags);

// Rows that a step touched, with the gradient of each. U <= N.
struct RowGradient {
  torch::Tensor rows;    // int64 [U], rising, no repeats
  torch::Tensor values;  // double [U, D]
  torch::Tensor counts;  // int64 [U]: how many ids named the row, once for each impression
  torch::Tensor scales;  // double [U]: of squares
};
RowGradient row_gradient(const TableGradient& gradient, int64_t dimension);

// The same at its place in a table of V rows: double [V, D], 0 for rows that nothing touched.
torch::Tensor full_gradient(const TableGradient& gradient, int64_t table_rows, int64_t dimension);

// table and state: double; they change in place.
void update_table(UpdateRule rule, torch::Tensor& table, const TableState& state,
                  const TableGradient& gradient, const UpdateOptions& options);

}  // namespace esmm::ops::reference
