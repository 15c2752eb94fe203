#pragma once

#include <torch/types.h>

#include "esmm/ops/bags.h"

namespace esmm::ops {

// A matrix [V, D] of a type that tables have; else InternalError.
void check_table(const torch::Tensor& table);

// The bags as the kernels take them: contiguous, weights of the table's sum_type, offsets rising from 0 to N,
// each row in [0, V). Ids and offsets that are not: Error; tensors of a wrong type or shape: InternalError.
TableBags checked_bags(const TableBags& bags, const torch::Tensor& table);

}  // namespace esmm::ops
