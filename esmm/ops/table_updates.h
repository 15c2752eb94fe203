#pragma once

#include <torch/types.h>

#include <string>
#include <utility>
#include <vector>

#include "esmm/ops/bags.h"
#include "esmm/ops/update_rule.h"

namespace esmm::ops {

// What a rule keeps beside a table, by name, in the order of its formula; of the table's sum_type:
//   sgd nothing; adagrad sums [V, D]; rowwise_adagrad sums [V]; lazy_adam m, v [V, D] and norms [V, 2]; adam
//   m, v [V, D]
using TableState = std::vector<std::pair<std::string, torch::Tensor>>;

// How many of these numbers there are for each row of D.
int64_t state_numbers_per_row(UpdateRule rule, int64_t dimension);

// All zeros, where the rule begins.
TableState initial_state(UpdateRule rule, const torch::Tensor& table);

// One step of the rule, in place: sums the gradient by row and moves each touched row in one pass (adam moves
// all rows). The gradient is never as large as the table, nor are its touched rows ever all in memory. The
// result depends on the input alone: the ids of all parts are summed in their order, on any number of
// threads. table: contiguous float, bfloat16 or double [V, D]; a bfloat16 one is rounded stochastically.
// Throws Error on rows or offsets out of range (checked on the host).
void update_table(UpdateRule rule, torch::Tensor& table, const TableState& state,
                  const TableGradient& gradient, const UpdateOptions& options);

}  // namespace esmm::ops
