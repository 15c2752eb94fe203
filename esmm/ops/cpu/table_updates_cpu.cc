#include <algorithm>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include "esmm/ops/cpu/cpu_support.h"
#include "esmm/ops/cpu/flush_denormals.h"
#include "esmm/ops/cpu/row_buckets.h"
#include "esmm/ops/kernels.h"
#include "esmm/ops/row_shares.h"

namespace esmm::ops::cpu {
namespace {

constexpr int64_t kTasksPerThread = 16;

template <class G>
std::vector<typename BagGradients<G>::Part> gradient_parts(const TableGradient& gradient, int64_t D) {
  std::vector<typename BagGradients<G>::Part> parts;
  int64_t bags = 0;
  for (const BagGradient& part : gradient) {
    const auto values = reinterpret_cast<uintptr_t>(part.grad_out.const_data_ptr());
    parts.push_back({.first_bag = static_cast<uint32_t>(bags),
                     .origin = values - static_cast<uintptr_t>(bags * D) * sizeof(G)});
    bags += part.bags.offsets.numel() - 1;
  }
  return parts;
}

// The shares of bags, counted through all parts.
template <class A>
class Shares {
 public:
  explicit Shares(const TableGradient& gradient) {
    int64_t bags = 0;
    for (const BagGradient& part : gradient) {
      parts_.push_back(
          {.first_bag = static_cast<uint32_t>(bags),
           .fields = static_cast<uint32_t>(part.bags.fields),
           .impressions = part.shared ? part.shared->impressions.const_data_ptr<int32_t>() : nullptr,
           .scale = part.shared ? part.shared->scale.const_data_ptr<A>() : nullptr});
      bags += part.bags.offsets.numel() - 1;
      any_ |= part.shared.has_value();
    }
  }

  bool any() const { return any_; }
  Share<A> operator[](uint32_t bag) const {
    const Part* part = &parts_.back();
    while (bag < part->first_bag) --part;
    if (part->scale == nullptr) return {};
    const uint32_t b = (bag - part->first_bag) / part->fields;
    return {static_cast<uint32_t>(part->impressions[b]), part->scale[b]};
  }

 private:
  struct Part {
    uint32_t first_bag, fields;
    const int32_t* impressions;  // null: an impression's own
    const A* scale;
  };
  std::vector<Part> parts_;
  bool any_ = false;
};

// Makes the counts of a bucket's rows those of impressions, and finds the rows' scales. As in sum_items,
// there is no branch on what cannot be guessed.
template <class ItemT, class A>
void share_rows(const Shares<A>& shares, const BucketItems<ItemT>& bucket, int64_t touched,
                const BucketSpace<A>& space) {
  for (int64_t k = 0; k < touched; ++k) space.scales[space.touched[k]] = 0;  // not known yet
  for (int64_t i = 0; i < bucket.count; ++i) {
    const uint32_t row = bucket.items[i].row - bucket.row_begin;
    const Share<A> share = shares[bucket.items[i].bag];
    space.counts[row] += share.impressions - 1;
    A& scale = space.scales[row];
    const A unlike_or_like[] = {1, share.scale};
    scale = unlike_or_like[static_cast<int>(scale == 0) | static_cast<int>(scale == share.scale)];
  }
}

// Work space that no other thread's cache lines touch.
template <class A>
class Space {
 public:
  Space(int64_t rows, int64_t D, bool shared)
      : sums_(numbers<A>(rows * D)),
        counts_(numbers<uint32_t>(rows)),
        scales_(shared ? numbers<A>(rows) : nullptr),
        touched_(numbers<uint32_t>(rows + 1)),
        row_(numbers<A>(D)) {
    std::fill_n(counts_.get(), rows, 0);
  }
  BucketSpace<A> get() const {
    return {sums_.get(), counts_.get(), scales_.get(), touched_.get(), row_.get()};
  }

 private:
  template <class T>
  static std::unique_ptr<T[]> numbers(int64_t count) {
    return std::make_unique_for_overwrite<T[]>(static_cast<size_t>(count) + 64 / sizeof(T));
  }
  std::unique_ptr<A[]> sums_;
  std::unique_ptr<uint32_t[]> counts_;
  std::unique_ptr<A[]> scales_;
  std::unique_ptr<uint32_t[]> touched_;
  std::unique_ptr<A[]> row_;
};

// Each bucket is worked on by one thread: rows of different buckets never meet.
template <class ItemT, class G, class E, class SumItems>
void update_buckets(const TableUpdate<E>& update, const TableGradient& gradient, SumItems* sum_items) {
  using A = Sum<E>;
  const int64_t D = update.dimension;
  const auto sizes = BucketSizes::of(update.rows, D * static_cast<int64_t>(sizeof(A)));
  const Buckets<ItemT> buckets = into_buckets<ItemT>(gradient, sizes);
  const auto parts = gradient_parts<G>(gradient, D);
  const Shares<A> shares(gradient);
  const BagGradients<G> gradients{.dimension = D,
                                  .first_origin = parts[0].origin,
                                  .others = parts.data() + 1,
                                  .other_parts = std::ssize(parts) - 1};
  const int64_t count = sizes.count(), threads = std::min<int64_t>(count, at::get_num_threads());
  const int64_t tasks = std::min(count, threads * kTasksPerThread);
  std::atomic<int64_t> next = 0;
  in_parallel(threads, [&](int64_t) {
    const FlushDenormals flush;
    const Space<A> space(sizes.rows(), D, shares.any());
    for (int64_t task = next++; task < tasks; task = next++) {
      const int64_t end = count * (task + 1) / tasks;
      for (int64_t bucket = count * task / tasks; bucket < end; ++bucket) {
        const BucketItems<ItemT> items{.items = buckets.begin(bucket),
                                       .count = buckets.size(bucket),
                                       .available = buckets.begin(end) - buckets.begin(bucket),
                                       .row_begin = static_cast<uint32_t>(sizes.row_begin(bucket))};
        const int64_t touched = sum_items(gradients, items, space.get());
        if (shares.any()) share_rows(shares, items, touched, space.get());
        row_kernels<E>().move_rows(update, sizes.row_begin(bucket), sizes.row_end(bucket), touched,
                                   space.get());
      }
    }
  });
}

template <class G, class E>
void update_along(const TableUpdate<E>& update, const TableGradient& gradient) {
  const bool weighted = std::any_of(gradient.begin(), gradient.end(),
                                    [](const BagGradient& part) { return part.bags.weights.defined(); });
  const RowKernels<G>& kernels = row_kernels<G>();
  if (weighted) {
    update_buckets<WeightedItem<Sum<G>>, G>(update, gradient, kernels.sum_weighted_items);
  } else {
    update_buckets<Item, G>(update, gradient, kernels.sum_items);
  }
}

}  // namespace

void update_table(UpdateRule rule, torch::Tensor& table, const TableState& state,
                  const TableGradient& gradient, const UpdateOptions& options) {
  if (table.size(0) == 0) return;
  with_type(table.scalar_type(), [&](auto zero) {
    using E = decltype(zero);
    TableUpdate<E> update{.rule = rule,
                          .options = options,
                          .table = static_cast<E*>(table.mutable_data_ptr()),
                          .rows = table.size(0),
                          .dimension = table.size(1),
                          .state = {},
                          .state_columns = {}};
    for (size_t k = 0; k < state.size(); ++k) {
      update.state[k] = state[k].second.mutable_data_ptr<Sum<E>>();
      update.state_columns[k] = state[k].second.numel() / table.size(0);
    }
    if constexpr (sizeof(E) < sizeof(double)) {
      if (gradient[0].grad_out.scalar_type() == torch::kBFloat16)
        return update_along<Bfloat16>(update, gradient);
    }
    update_along<Sum<E>>(update, gradient);
  });
}

}  // namespace esmm::ops::cpu
