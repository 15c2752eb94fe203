#pragma once

#include <torch/types.h>

#include "esmm/ops/bags.h"

namespace esmm::ops {

// A matrix [V, D] of a type that tables have, with D at least 1 and V at most 2^31; else InternalError.
void check_table(const torch::Tensor& table);

// Of what a table's look-ups give and of its gradients: its sum_type, or bfloat16 where that is float; else
// InternalError.
void check_values_type(torch::ScalarType type, const torch::Tensor& table);

// Checks offsets and rows against a table of so many rows, and marks the bags as checked; does nothing where
// they are. Throws Error. On a GPU's memory it waits for a copy: bags are best checked before they go there.
void check_bags(TableBags& bags, int64_t table_rows);

// The bags as the kernels take them: contiguous, weights of the table's sum_type, offsets rising from 0 to N,
// each row in [0, V). Ids and offsets that are not: Error; tensors of a wrong type or shape: InternalError.
// Bags that were checked for as many rows before are not read again.
TableBags checked_bags(const TableBags& bags, const torch::Tensor& table);

}  // namespace esmm::ops
