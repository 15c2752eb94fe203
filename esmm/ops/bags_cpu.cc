#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>

#include "esmm/ops/kernels.h"
#include "esmm/ops/row_runs.h"
#include "esmm/ops/row_sort.h"
#include "esmm/ops/row_sum.h"
#include "esmm/ops/vectorised.h"

namespace esmm::ops::cpu {
namespace {

constexpr int64_t kNumbersPerTask = 16384;  // fewer are not worth waking a thread for

// How many of `items` make a task, where all of them together read or write `numbers`.
int64_t grain(int64_t items, int64_t numbers) {
  return std::max<int64_t>(1, items * kNumbersPerTask / std::max<int64_t>(1, numbers));
}

template <class T>
const T* data_or_null(const torch::Tensor& tensor) {
  return tensor.defined() ? tensor.const_data_ptr<T>() : nullptr;
}

// The bag of each id, int32 [N].
torch::Tensor bag_of_ids(const torch::Tensor& offsets, int64_t ids) {
  torch::Tensor bags = torch::empty({ids}, torch::kInt);
  const int64_t* at = offsets.const_data_ptr<int64_t>();
  int32_t* bag_of = bags.mutable_data_ptr<int32_t>();
  at::parallel_for(0, offsets.numel() - 1, kNumbersPerTask, [&](int64_t begin, int64_t end) {
    for (int64_t bag = begin; bag < end; ++bag) {
      std::fill(bag_of + at[bag], bag_of + at[bag + 1], static_cast<int32_t>(bag));
    }
  });
  return bags;
}

// values[u] = sum over run u, for each run; `rows` holds the gradients in sorted order of their table rows.
// Runs up to kPiece are summed in one go by the task that holds their first id. Longer ones (a row that half
// the batch looks up) are cut into pieces of that size, whose sums are then added in order: work for all
// threads, and the same sum however many there are.
template <int64_t kD, class T, class Rows>
void sum_runs(const Rows& rows, const RowRuns& runs, T* values) {
  constexpr int64_t kPiece = 512;
  const int64_t D = rows.dimension;
  at::parallel_for(0, rows.size, grain(rows.size, rows.size * D), [&](int64_t begin, int64_t end) {
    const int64_t last = runs.first_from(end);
    vectorised([&] {
      for (int64_t run = runs.first_from(begin); run < last; ++run) {
        if (runs.length(run) <= kPiece)
          sum_rows<kD>(rows, runs.begin(run), runs.begin(run + 1), values + run * D);
      }
    });
  });

  const std::vector<Piece> pieces = runs.pieces_of_longer(kPiece);
  const auto sums = std::make_unique_for_overwrite<T[]>(pieces.size() * static_cast<size_t>(D));
  at::parallel_for(0, std::ssize(pieces), grain(1, kPiece * D), [&](int64_t begin, int64_t end) {
    vectorised([&] {
      for (int64_t k = begin; k < end; ++k)
        sum_rows<kD>(rows, pieces[k].begin, pieces[k].end, sums.get() + k * D);
    });
  });
  for (int64_t k = 0; k < std::ssize(pieces); ++k) {
    T* value = values + pieces[k].run * D;
    const T* sum = sums.get() + k * D;
    const bool first = pieces[k].begin == runs.begin(pieces[k].run);
    for (int64_t d = 0; d < D; ++d) value[d] = first ? sum[d] : value[d] + sum[d];
  }
}

}  // namespace

torch::Tensor bags_forward(const torch::Tensor& table, const torch::Tensor& rows,
                           const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields) {
  const int64_t bags = offsets.numel() - 1;
  const int64_t D = table.size(1);
  // Row b of the result is the bags b * F .. b * F + F - 1 one behind the other: bag n starts at n * D.
  torch::Tensor out = torch::empty({bags / fields, fields * D}, table.options());
  const int32_t* row = rows.const_data_ptr<int32_t>();
  const int64_t* at = offsets.const_data_ptr<int64_t>();
  const auto index = [row](int64_t i) { return int64_t{row[i]}; };

  with_type(table.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    T* sums = out.mutable_data_ptr<T>();
    with_weights(data_or_null<T>(weights), [&](auto weight) {
      const ScatteredRows<T, decltype(index), decltype(weight)> looked_up{table.const_data_ptr<T>(), D,
                                                                          rows.numel(), index, weight};
      with_dimension(D, [&](auto dimension) {
        at::parallel_for(0, bags, grain(bags, (bags + rows.numel()) * D), [&](int64_t begin, int64_t end) {
          vectorised([&] {
            for (int64_t bag = begin; bag < end; ++bag) {
              sum_rows<dimension()>(looked_up, at[bag], at[bag + 1], sums + bag * D);
            }
          });
        });
      });
    });
  });
  return out;
}

RowGradient bags_backward(const torch::Tensor& grad_out, const torch::Tensor& rows,
                          const torch::Tensor& offsets, const torch::Tensor& weights, int64_t table_rows) {
  const int64_t ids = rows.numel();
  const int64_t D = grad_out.size(1);
  const auto sorted = sort_rows(rows.const_data_ptr<int32_t>(), ids, table_rows);
  const RowRuns runs(sorted.get(), ids);
  RowGradient gradient{runs.rows(), torch::empty({runs.size(), D}, grad_out.options()), runs.lengths()};

  const torch::Tensor bags = bag_of_ids(offsets, ids);
  const int32_t* bag_of = bags.const_data_ptr<int32_t>();
  const RowAt* order = sorted.get();
  const auto bag_at = [bag_of, order](int64_t i) { return int64_t{bag_of[order[i].position]}; };

  with_type(grad_out.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    with_weights(data_or_null<T>(weights), [&](auto weight) {
      const auto weight_at = [weight, order](int64_t i) { return weight(order[i].position); };
      const ScatteredRows<T, decltype(bag_at), decltype(weight_at)> gradients{grad_out.const_data_ptr<T>(), D,
                                                                              ids, bag_at, weight_at};
      with_dimension(D, [&](auto dimension) {
        sum_runs<dimension()>(gradients, runs, gradient.values.mutable_data_ptr<T>());
      });
    });
  });
  return gradient;
}

}  // namespace esmm::ops::cpu
