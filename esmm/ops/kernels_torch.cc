#include <ATen/ops/embedding_bag.h>
#include <ATen/ops/segment_reduce.h>

#include <cmath>
#include <tuple>

#include "esmm/ops/kernels.h"

// The same functions from LibTorch's own operators, for devices that have no kernels of ours. The order of summation is
// fixed by a stable sort.
namespace esmm::ops::any_device {
namespace {

using torch::Tensor;

Tensor bag_of_ids(const Tensor& offsets, int64_t ids) {
  const Tensor lengths = offsets.slice(0, 1) - offsets.slice(0, 0, -1);
  return torch::repeat_interleave(torch::arange(lengths.numel(), offsets.options()), lengths, 0, ids);
}

// The gradients of the touched rows [U, D], with L2's part.
Tensor with_l2(const Tensor& touched, const RowGradient& gradient, const L2& l2) {
  if (l2.strength == 0) return gradient.values;
  const Tensor pull = gradient.counts.to(touched.scalar_type()) * (l2.strength / static_cast<double>(l2.batch_size));
  return gradient.values + pull.unsqueeze(1) * touched;
}

}  // namespace

Tensor bags_forward(const Tensor& table, const Tensor& rows, const Tensor& offsets, const Tensor& weights,
                    int64_t fields) {
  const int64_t bags = offsets.numel() - 1, D = table.size(1);
  if (rows.numel() == 0) return torch::zeros({bags / fields, fields * D}, table.options());
  const auto per_id = weights.defined() ? std::optional<Tensor>(weights) : std::nullopt;
  const Tensor sums = std::get<0>(at::embedding_bag(table, rows.to(torch::kLong), offsets, /*scale_grad_by_freq=*/false,
                                                    /*mode: sum*/ 0, /*sparse=*/false, per_id,
                                                    /*include_last_offset=*/true));
  return sums.reshape({bags / fields, fields * D});
}

RowGradient bags_backward(const Tensor& grad_out, const Tensor& rows, const Tensor& offsets, const Tensor& weights,
                          int64_t /*table_rows*/) {
  const auto [sorted, order] = rows.sort(/*stable=*/true, 0, /*descending=*/false);
  const auto [touched, inverse, counts] = torch::unique_consecutive(sorted, false, /*return_counts=*/true, 0);
  Tensor per_id = grad_out.index_select(0, bag_of_ids(offsets, rows.numel()).index_select(0, order));
  if (weights.defined()) per_id = per_id * weights.index_select(0, order).unsqueeze(1);
  const Tensor values = rows.numel() == 0
                            ? torch::empty({0, grad_out.size(1)}, grad_out.options())
                            : at::segment_reduce(per_id, "sum", /*lengths=*/counts, {}, {}, 0, /*unsafe=*/true);
  return {touched, values, counts.to(torch::kInt)};
}

void adam_dense(Tensor& table, Tensor& m, Tensor& v, const RowGradient& gradient, int64_t step,
                const AdamOptions& options, const L2& l2) {
  const Tensor rows = gradient.rows.to(torch::kLong);
  const Tensor values = with_l2(table.index_select(0, rows), gradient, l2);
  m.mul_(options.beta1).index_add_(0, rows, values, 1 - options.beta1);
  v.mul_(options.beta2).index_add_(0, rows, values.square(), 1 - options.beta2);
  const auto t = static_cast<double>(step);
  const double root_correction = std::sqrt(1 - std::pow(options.beta2, t));
  const double step_size = options.learning_rate / (1 - std::pow(options.beta1, t));
  table.addcdiv_(m, v.sqrt().div_(root_correction).add_(options.epsilon), -step_size);
}

void adagrad_rowwise(Tensor& table, Tensor& s, const RowGradient& gradient, double learning_rate, double epsilon,
                     const L2& l2) {
  const Tensor rows = gradient.rows.to(torch::kLong);
  const Tensor values = with_l2(table.index_select(0, rows), gradient, l2);
  s.index_add_(0, rows, values.square().mean(1));
  const Tensor rates = learning_rate / (s.index_select(0, rows).sqrt() + epsilon);
  table.index_add_(0, rows, values * rates.unsqueeze(1), -1);
}

}  // namespace esmm::ops::any_device
