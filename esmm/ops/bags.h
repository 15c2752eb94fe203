#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace esmm::ops {

// B x F bags of a table's rows, row by row: bag b * F + f is that of row b and field f.
struct TableBags {
  torch::Tensor rows;     // int32 [N]
  torch::Tensor offsets;  // int64 [B * F + 1], rising from 0 to N
  torch::Tensor weights;  // float [N], effective (pooling applied); undefined: all 1
  int64_t fields = 0;     // F
  // How many rows a table has at least that all of the above is known to fit: set by who checks it, so that
  // nothing is checked twice: checked_bags (check_bags.h), or what made the bags. 0: not checked.
  int64_t checked_rows = 0;
};

// What each row of bags is for, where it is looked up once for several impressions: a user's, for a group.
struct SharedBags {
  torch::Tensor impressions;  // int32 [B]: how many, 1 at least where there are ids
  torch::Tensor scale;        // [B], of the table's sum_type, above 0: c of update_rule.h
};

// The gradient of a look-up with regard to its table, as backward leaves it: not reduced by row.
struct BagGradient {
  TableBags bags;
  torch::Tensor
      grad_out;  // [B, F * D], of what the look-up gave: of the table's sum_type, or bfloat16 for float
  std::optional<SharedBags> shared{};  // none: each row of bags is an impression's own
};

// The gradient of one table that a step looked up in one or several parts: what its update works on
// (table_updates.h).
//   gradient[r] = sum over parts, over i with rows[i] = r, of weights[i] * grad_out[bag(i) / F, (bag(i) % F)
//   * D ..]
using TableGradient = std::vector<BagGradient>;

// What sums of a table's rows are made and given in: double for a double table, else float.
torch::ScalarType sum_type(torch::ScalarType table_type);

// Weighted sums of table rows:
//   for bag in 0 .. B*F-1:  out[bag / F, (bag % F) * D + d] = sum over i in bag of weights[i] *
//   table[rows[i], d]
// table float, bfloat16 or double [V, D]. Returns [B, F * D], of the given type: the table's sum_type unless
// said otherwise, or bfloat16 for float, rounded to the nearest. An empty bag gives zeros. Throws Error on
// rows or offsets out of range (checked on the host).
torch::Tensor bags_forward(const torch::Tensor& table, const TableBags& bags,
                           std::optional<torch::ScalarType> type = std::nullopt);

}  // namespace esmm::ops
