#include "esmm/ops/reference.h"

#include <cmath>
#include <map>
#include <vector>

namespace esmm::ops::reference {
namespace {

torch::Tensor as_double(const torch::Tensor& tensor) { return tensor.to(torch::kDouble).contiguous(); }

// weights, or ones.
torch::Tensor all_weights(const torch::Tensor& weights, int64_t ids) {
  return weights.defined() ? as_double(weights) : torch::ones({ids}, torch::kDouble);
}

// The gradient at [V, D], 0 for rows that nothing touched, with L2's part.
torch::Tensor full_gradient(const torch::Tensor& table, const RowGradient& gradient, const L2& l2) {
  torch::Tensor full = torch::zeros_like(table);
  for (int64_t u = 0; u < gradient.rows.numel(); ++u) {
    const int64_t row = gradient.rows[u].item<int>();
    const double pull = l2.strength * gradient.counts[u].item<int>() / static_cast<double>(l2.batch_size);
    full[row] = gradient.values[u].to(torch::kDouble) + pull * table[row];
  }
  return full;
}

}  // namespace

torch::Tensor bags_forward(const torch::Tensor& table, const torch::Tensor& rows,
                           const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields) {
  const int64_t bags = offsets.numel() - 1;
  const int64_t D = table.size(1);
  const torch::Tensor values = as_double(table), w = all_weights(weights, rows.numel());
  torch::Tensor out = torch::zeros({bags / fields, fields * D}, torch::kDouble);
  for (int64_t bag = 0; bag < bags; ++bag) {
    for (int64_t i = offsets[bag].item<int64_t>(); i < offsets[bag + 1].item<int64_t>(); ++i) {
      for (int64_t d = 0; d < D; ++d) {
        out[bag / fields][(bag % fields) * D + d] += w[i] * values[rows[i].item<int>()][d];
      }
    }
  }
  return out;
}

RowGradient bags_backward(const torch::Tensor& grad_out, const torch::Tensor& rows,
                          const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields,
                          int64_t table_rows) {
  const int64_t bags = offsets.numel() - 1;
  const int64_t D = grad_out.size(1) / fields;
  const torch::Tensor gradients = as_double(grad_out), w = all_weights(weights, rows.numel());
  std::map<int, torch::Tensor> sums;  // by row
  std::map<int, int> counts;
  for (int64_t bag = 0; bag < bags; ++bag) {
    for (int64_t i = offsets[bag].item<int64_t>(); i < offsets[bag + 1].item<int64_t>(); ++i) {
      const int row = rows[i].item<int>();
      TORCH_CHECK(row >= 0 && row < table_rows);
      const torch::Tensor part = w[i] * gradients[bag / fields].narrow(0, (bag % fields) * D, D);
      sums[row] = counts[row]++ == 0 ? part : sums[row] + part;
    }
  }
  RowGradient gradient{torch::empty({0}, torch::kInt), torch::empty({0, D}, torch::kDouble),
                       torch::empty({0}, torch::kInt)};
  for (const auto& [row, sum] : sums) {
    gradient.rows = torch::cat({gradient.rows, torch::full({1}, row, torch::kInt)});
    gradient.values = torch::cat({gradient.values, sum.unsqueeze(0)});
    gradient.counts = torch::cat({gradient.counts, torch::full({1}, counts[row], torch::kInt)});
  }
  return gradient;
}

void adam_dense(torch::Tensor& table, torch::Tensor& m, torch::Tensor& v, const RowGradient& gradient,
                int64_t step, const AdamOptions& options, const L2& l2) {
  const torch::Tensor g = full_gradient(table, gradient, l2);
  const auto t = static_cast<double>(step);
  m.copy_(options.beta1 * m + (1 - options.beta1) * g);
  v.copy_(options.beta2 * v + (1 - options.beta2) * g * g);
  table.sub_(options.learning_rate * (m / (1 - std::pow(options.beta1, t))) /
             ((v / (1 - std::pow(options.beta2, t))).sqrt() + options.epsilon));
}

void adagrad_rowwise(torch::Tensor& table, torch::Tensor& s, const RowGradient& gradient,
                     double learning_rate, double epsilon, const L2& l2) {
  const torch::Tensor g = full_gradient(table, gradient, l2);
  s.add_(g.square().mean(1));
  table.sub_(learning_rate * g / (s.sqrt() + epsilon).unsqueeze(1));
}

}  // namespace esmm::ops::reference
