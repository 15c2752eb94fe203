#include <ATen/ops/segment_reduce.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "esmm/ops/bags.h"
#include "esmm/ops/shared_bags.h"
#include "esmm/ops/sided_kernels.h"

// The layer of sided_linear.h from LibTorch's own operators, for devices that have no kernels of ours.
namespace esmm::ops::any_device {
namespace {

using torch::Tensor;

// Blocks that stand together in the whole and in their side.
struct Run {
  int64_t whole, side, count;  // where the first is, and how many there are
};

std::vector<Run> runs_of(const std::vector<int64_t>& places) {
  std::vector<Run> runs;
  for (size_t i = 0; i < places.size(); ++i) {
    if (!runs.empty() && places[i] == runs.back().whole + runs.back().count) {
      ++runs.back().count;
    } else {
      runs.push_back({.whole = places[i], .side = static_cast<int64_t>(i), .count = 1});
    }
  }
  return runs;
}

// values [B, M], those of a user in a row: their sums [U, M], 0 where there are none.
Tensor sum_runs(const Tensor& values, const Tensor& lengths) {
  if (values.size(0) == 0) return torch::zeros({lengths.numel(), values.size(1)}, values.options());
  return at::segment_reduce(values, "sum", lengths, {}, {}, 0, /*unsafe=*/true);
}

}  // namespace

Tensor columns_of(const Tensor& weight, const std::vector<int64_t>& places, int64_t width) {
  std::vector<Tensor> columns;
  for (const Run& run : runs_of(places))
    columns.push_back(weight.narrow(1, run.whole * width, run.count * width));
  if (columns.empty()) return weight.narrow(1, 0, 0);
  return columns.size() == 1 ? columns.front() : torch::cat(columns, 1);
}

Tensor all_columns(const Tensor& rows, const Tensor& users, const Sides& sides) {
  std::vector<std::pair<int64_t, Tensor>> parts;  // by place
  const auto add = [&](const Tensor& columns, const std::vector<int64_t>& places) {
    for (const Run& run : runs_of(places))
      parts.emplace_back(run.whole, columns.narrow(1, run.side * sides.width, run.count * sides.width));
  };
  add(rows, sides.rows);
  add(users, sides.users);
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Tensor> columns;
  for (const auto& [place, part] : parts) columns.push_back(part);
  return torch::cat(columns, 1);
}

Tensor sided_sum(const Tensor& rows, const Tensor& weight, const Tensor& users, const Tensor& of, bool relu) {
  Tensor y = users.index_select(0, of).addmm_(rows, weight.t());
  return relu ? y.relu_() : y;
}

UserSums sum_by_user(const Tensor& grad, const Tensor& of, int64_t users) {
  const Tensor lengths = rows_of_users(of, users);
  const Tensor values = grad.to(sum_type(grad.scalar_type()));
  const Tensor sums = sum_runs(values, lengths),
               apart = sum_runs(values.square().sum(1, /*keepdim=*/true), lengths);
  return {.grad = sums.to(grad.scalar_type()),
          .lengths = torch::cat({apart, sums.square().sum(1, /*keepdim=*/true)}, 1)};
}

}  // namespace esmm::ops::any_device
