#include <algorithm>
#include <cstdint>

#include "esmm/ops/cpu/cpu_support.h"
#include "esmm/ops/kernels.h"

namespace esmm::ops::cpu {
namespace {

constexpr int64_t kNumbersPerTask = 32768;  // fewer are not worth waking a thread for
constexpr int64_t kTasksPerThread = 16;     // more would begin too often with rows that none has asked for

template <class E, class Out, class SumBags>
void sum_into(const torch::Tensor& out, const torch::Tensor& table, const TableBags& bags,
              SumBags* sum_bags) {
  const int64_t count = bags.offsets.numel() - 1, D = table.size(1);
  // Row b of the result is the bags b * F .. b * F + F - 1 one behind the other: bag n starts at n * D.
  const BagSums<E, Out> sums{.table = static_cast<const E*>(table.const_data_ptr()),
                             .dimension = D,
                             .rows = bags.rows.const_data_ptr<int32_t>(),
                             .ids = bags.rows.numel(),
                             .offsets = bags.offsets.const_data_ptr<int64_t>(),
                             .weights = data_or_null<Sum<E>>(bags.weights),
                             .out = data_of<Out>(out)};
  const int64_t most = std::min(count, kTasksPerThread * at::get_num_threads());
  const int64_t tasks =
      std::clamp<int64_t>((sums.ids + count) * D / kNumbersPerTask, 1, std::max<int64_t>(1, most));
  in_parallel(tasks, [&](int64_t task) { sum_bags(sums, count * task / tasks, count * (task + 1) / tasks); });
}

}  // namespace

torch::Tensor bags_forward(const torch::Tensor& table, const TableBags& bags, torch::ScalarType type) {
  const int64_t rows = (bags.offsets.numel() - 1) / bags.fields;
  torch::Tensor out = torch::empty({rows, bags.fields * table.size(1)}, table.options().dtype(type));
  with_type(table.scalar_type(), [&](auto zero) {
    using E = decltype(zero);
    const RowKernels<E>& kernels = row_kernels<E>();
    if (type == torch::kBFloat16) {
      sum_into<E, Bfloat16>(out, table, bags, kernels.sum_bags_rounded);
    } else {
      sum_into<E, Sum<E>>(out, table, bags, kernels.sum_bags);
    }
  });
  return out;
}

}  // namespace esmm::ops::cpu
