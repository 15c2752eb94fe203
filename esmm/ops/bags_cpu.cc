#include <algorithm>
#include <cstdint>

#include "esmm/ops/cpu_support.h"
#include "esmm/ops/kernels.h"

namespace esmm::ops::cpu {
namespace {

constexpr int64_t kNumbersPerTask = 32768;  // fewer are not worth waking a thread for

}  // namespace

torch::Tensor bags_forward(const torch::Tensor& table, const TableBags& bags) {
  const int64_t count = bags.offsets.numel() - 1, ids = bags.rows.numel();
  const int64_t D = table.size(1);
  // Row b of the result is the bags b * F .. b * F + F - 1 one behind the other: bag n starts at n * D.
  torch::Tensor out = torch::empty({count / bags.fields, bags.fields * D},
                                   table.options().dtype(sum_type(table.scalar_type())));
  with_type(table.scalar_type(), [&](auto zero) {
    using E = decltype(zero);
    const BagSums<E, Sum<E>> sums{.table = static_cast<const E*>(table.const_data_ptr()),
                                  .dimension = D,
                                  .rows = bags.rows.const_data_ptr<int32_t>(),
                                  .ids = ids,
                                  .offsets = bags.offsets.const_data_ptr<int64_t>(),
                                  .weights = data_or_null<Sum<E>>(bags.weights),
                                  .out = out.mutable_data_ptr<Sum<E>>()};
    const int64_t tasks =
        std::clamp<int64_t>((ids + count) * D / kNumbersPerTask, 1, std::max<int64_t>(1, count));
    const auto* kernels = &row_kernels<E>();
    in_parallel(tasks, [&](int64_t task) {
      kernels->sum_bags(sums, count * task / tasks, count * (task + 1) / tasks);
    });
  });
  return out;
}

}  // namespace esmm::ops::cpu
