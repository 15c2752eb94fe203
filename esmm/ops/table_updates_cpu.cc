#include <algorithm>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include "esmm/ops/cpu_support.h"
#include "esmm/ops/flush_denormals.h"
#include "esmm/ops/kernels.h"
#include "esmm/ops/row_buckets.h"

namespace esmm::ops::cpu {
namespace {

template <class A>
std::vector<PartGradient<A>> part_gradients(const TableGradient& gradient) {
  std::vector<PartGradient<A>> parts;
  int64_t bags = 0;
  for (const BagGradient& part : gradient) {
    parts.push_back({static_cast<uint32_t>(bags), part.grad_out.const_data_ptr<A>()});
    bags += part.bags.offsets.numel() - 1;
  }
  return parts;
}

// Work space that no other thread's cache lines touch.
template <class T>
std::unique_ptr<T[]> space_for(int64_t count) {
  return std::make_unique_for_overwrite<T[]>(static_cast<size_t>(count) + 64 / sizeof(T));
}

// Buckets of ids are sorted and worked on one by one, each by one thread: rows of different buckets never
// meet.
template <class ItemT, class E, class Kernel>
void update_buckets(const TableUpdate<E>& update, const TableGradient& gradient, const BucketSizes& sizes,
                    const Kernel& kernel) {
  using A = Sum<E>;
  const Buckets<ItemT> buckets = into_buckets<ItemT>(gradient, sizes);
  const int64_t largest = buckets.largest(), count = sizes.count(), D = update.dimension;
  const int64_t workers = std::min<int64_t>(count, at::get_num_threads());
  std::atomic<int64_t> next = 0;
  in_parallel(workers, [&](int64_t) {
    const FlushDenormals flush;
    const auto other = space_for<ItemT>(largest);
    const auto gradients = space_for<A>(kRunsPerBlock * D), row = space_for<A>(D);
    for (int64_t bucket = next++; bucket < count; bucket = next++) {
      const int64_t n = buckets.size(bucket);
      const ItemT* sorted = sort_by_row(buckets.begin(bucket), other.get(), n, sizes.bits);
      kernel(update, sorted, n, sizes.row_begin(bucket), sizes.row_end(bucket),
             UpdateSpace<A>{gradients.get(), row.get()});
    }
  });
}

}  // namespace

void update_table(UpdateRule rule, torch::Tensor& table, const TableState& state,
                  const TableGradient& gradient, const UpdateOptions& options) {
  if (table.size(0) == 0) return;
  int64_t ids = 0;
  bool weighted = false;
  for (const BagGradient& part : gradient) {
    ids += part.bags.rows.numel();
    weighted |= part.bags.weights.defined();
  }
  const bool moves_all = rule == UpdateRule::adam;
  const BucketSizes sizes =
      BucketSizes::of(table.size(0), ids, moves_all ? static_cast<int64_t>(table.nbytes()) : 0);
  with_type(table.scalar_type(), [&](auto zero) {
    using E = decltype(zero);
    using A = Sum<E>;
    const std::vector<PartGradient<A>> parts = part_gradients<A>(gradient);
    TableUpdate<E> update{.rule = rule,
                          .options = options,
                          .table = static_cast<E*>(table.mutable_data_ptr()),
                          .dimension = table.size(1),
                          .state = {},
                          .state_columns = {},
                          .parts = parts.data(),
                          .part_count = std::ssize(parts)};
    for (size_t k = 0; k < state.size(); ++k) {
      update.state[k] = state[k].second.mutable_data_ptr<A>();
      update.state_columns[k] = state[k].second.numel() / table.size(0);
    }
    const RowKernels<E>& kernels = row_kernels<E>();
    if (weighted) {
      update_buckets<WeightedItem<A>>(update, gradient, sizes, kernels.update_weighted);
    } else {
      update_buckets<Item>(update, gradient, sizes, kernels.update);
    }
  });
}

}  // namespace esmm::ops::cpu
