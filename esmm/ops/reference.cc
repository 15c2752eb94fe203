#include "esmm/ops/reference.h"

#include <cmath>
#include <map>
#include <set>
#include <vector>

namespace esmm::ops::reference {
namespace {

torch::Tensor as_double(const torch::Tensor& tensor) { return tensor.to(torch::kDouble).contiguous(); }

// Calls body(i, bag, weight) for each id.
template <class Body>
void for_ids(const TableBags& bags, const Body& body) {
  const torch::Tensor w =
      bags.weights.defined() ? as_double(bags.weights) : torch::ones({bags.rows.numel()}, torch::kDouble);
  for (int64_t bag = 0; bag + 1 < bags.offsets.numel(); ++bag) {
    for (auto i = bags.offsets[bag].item<int64_t>(); i < bags.offsets[bag + 1].item<int64_t>(); ++i)
      body(i, bag, w[i].item<double>());
  }
}

// One row of the table and of its state, all double.
struct Row {
  torch::Tensor w;
  std::vector<torch::Tensor> state;
};

void move(UpdateRule rule, Row& row, const torch::Tensor& g, double scale, const UpdateOptions& o) {
  const torch::Tensor square = (scale * g).square();
  const auto adam = [&](double correction1, double correction2) {
    torch::Tensor &m = row.state[0], &v = row.state[1];
    m.copy_(o.beta1 * m + (1 - o.beta1) * g);
    v.copy_(o.beta2 * v + (1 - o.beta2) * square);
    row.w.sub_(o.learning_rate * (m / correction1) / ((v / correction2).sqrt() + o.epsilon));
  };
  switch (rule) {
    case UpdateRule::sgd:
      row.w.sub_(o.learning_rate * g);
      return;
    case UpdateRule::adagrad:
      row.state[0].add_(square);
      row.w.sub_(o.learning_rate * g / (row.state[0].sqrt() + o.epsilon));
      return;
    case UpdateRule::rowwise_adagrad:
      row.state[0].add_(square.mean());
      row.w.sub_(o.learning_rate * g / (row.state[0].sqrt() + o.epsilon));
      return;
    case UpdateRule::lazy_adam: {
      torch::Tensor& norms = row.state[2];
      norms[0] = o.beta1 * norms[0] + (1 - o.beta1);
      norms[1] = o.beta2 * norms[1] + (1 - o.beta2);
      adam(norms[0].item<double>(), norms[1].item<double>());
      return;
    }
    case UpdateRule::adam: {
      const auto t = static_cast<double>(o.step);
      adam(1 - std::pow(o.beta1, t), 1 - std::pow(o.beta2, t));
      return;
    }
  }
}

}  // namespace

torch::Tensor bags_forward(const torch::Tensor& table, const TableBags& bags) {
  const int64_t count = bags.offsets.numel() - 1;
  const int64_t D = table.size(1);
  const torch::Tensor values = as_double(table);
  torch::Tensor out = torch::zeros({count, D}, torch::kDouble);
  for_ids(bags, [&](int64_t i, int64_t bag, double weight) {
    out[bag] += weight * values[bags.rows[i].item<int>()];
  });
  return out.reshape({count / bags.fields, bags.fields * D});
}

RowGradient row_gradient(const TableGradient& gradient, int64_t dimension) {
  std::map<int64_t, torch::Tensor> sums;  // by row
  std::map<int64_t, int64_t> counts;
  std::map<int64_t, std::set<double>> scales;
  for (const BagGradient& part : gradient) {
    const torch::Tensor of_bags = as_double(part.grad_out).view({-1, dimension});
    for_ids(part.bags, [&](int64_t i, int64_t bag, double weight) {
      const int64_t row = part.bags.rows[i].item<int>();
      sums.try_emplace(row, torch::zeros({dimension}, torch::kDouble));
      sums[row] += weight * of_bags[bag];
      const int64_t b = bag / part.bags.fields;
      counts[row] += part.shared ? part.shared->impressions[b].item<int>() : 1;
      scales[row].insert(part.shared ? part.shared->scale[b].item<double>() : 1.0);
    });
  }
  const auto touched = static_cast<int64_t>(sums.size());
  RowGradient result{torch::empty({touched}, torch::kLong),
                     torch::empty({touched, dimension}, torch::kDouble),
                     torch::empty({touched}, torch::kLong), torch::empty({touched}, torch::kDouble)};
  int64_t u = 0;
  for (const auto& [row, sum] : sums) {
    result.rows[u] = row;
    result.values[u] = sum;
    result.counts[u] = counts[row];
    result.scales[u++] = scales[row].size() == 1 ? *scales[row].begin() : 1.0;
  }
  return result;
}

torch::Tensor full_gradient(const TableGradient& gradient, int64_t table_rows, int64_t dimension) {
  const RowGradient by_row = row_gradient(gradient, dimension);
  return torch::zeros({table_rows, dimension}, torch::kDouble).index_add(0, by_row.rows, by_row.values);
}

void update_table(UpdateRule rule, torch::Tensor& table, const TableState& state,
                  const TableGradient& gradient, const UpdateOptions& options) {
  const int64_t V = table.size(0), D = table.size(1);
  const RowGradient by_row = row_gradient(gradient, D);
  const torch::Tensor g = full_gradient(gradient, V, D);
  const torch::Tensor counts = torch::zeros({V}, torch::kLong).index_copy(0, by_row.rows, by_row.counts);
  const torch::Tensor scales = torch::ones({V}, torch::kDouble).index_copy(0, by_row.rows, by_row.scales);
  for (int64_t r = 0; r < V; ++r) {
    const auto count = counts[r].item<int64_t>();
    if (count == 0 && rule != UpdateRule::adam) continue;
    Row row{table[r], {}};
    for (const auto& [name, values] : state) row.state.push_back(values[r]);
    const double pull = options.l2 * static_cast<double>(count) / static_cast<double>(options.batch_size);
    move(rule, row, g[r] + pull * row.w, scales[r].item<double>(), options);
  }
}

}  // namespace esmm::ops::reference
