#include "esmm/ops/bags.h"

#include "esmm/ops/check_bags.h"
#include "esmm/ops/kernels.h"

namespace esmm::ops {

torch::ScalarType sum_type(torch::ScalarType table_type) {
  return table_type == torch::kDouble ? torch::kDouble : torch::kFloat;
}

torch::Tensor bags_forward(const torch::Tensor& table, const TableBags& bags,
                           std::optional<torch::ScalarType> type) {
  const Kernels& kernels = kernels_for(table);
  check_table(table);
  const torch::ScalarType out = type.value_or(sum_type(table.scalar_type()));
  check_values_type(out, table);
  return kernels.bags_forward(table.contiguous(), checked_bags(bags, table), out);
}

}  // namespace esmm::ops
