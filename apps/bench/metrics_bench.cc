#include "apps/bench/metrics_bench.h"

#include <torch/types.h>

#include <cmath>
#include <memory>
#include <string>
#include <string_view>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/core/random.h"
#include "esmm/metrics/auc.h"
#include "esmm/metrics/radix_sort.h"

namespace esmm::bench {

namespace {

struct Scores {
  std::vector<float> scores, labels;
};

// Clicks and the predictions of a model whose AUC is 0.76. levels: 0, or of how many a score is one.
Scores draw(int64_t rows, float levels) {
  Random random(20180423);
  Scores drawn;
  drawn.scores.reserve(static_cast<size_t>(rows));
  drawn.labels.reserve(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; ++i) {
    const bool positive = random.uniform() < 0.04;
    const double logit = random.normal() + (positive ? 1 : 0) - 3.5;
    const auto p = static_cast<float>(1 / (1 + std::exp(-logit)));
    drawn.scores.push_back(levels > 0 ? std::round(p * levels) / levels : p);
    drawn.labels.push_back(positive ? 1.0F : 0.0F);
  }
  return drawn;
}

torch::Tensor tensor_of(const std::vector<float>& values) {
  return torch::from_blob(const_cast<float*>(values.data()), {static_cast<int64_t>(values.size())});
}

// Trapezoids under the ROC curve of the sorted rows, one point per distinct score.
double stock_auc(const torch::Tensor& scores, const torch::Tensor& labels) {
  const auto [sorted, order] = torch::sort(scores, /*dim=*/0, /*descending=*/true);
  const torch::Tensor ends = torch::cat({(sorted.slice(0, 1) != sorted.slice(0, 0, -1)).nonzero().squeeze(1),
                                         torch::full({1}, sorted.size(0) - 1, torch::kLong)});
  const torch::Tensor positives =
      labels.index_select(0, order).cumsum(0, torch::kDouble).index_select(0, ends);
  const torch::Tensor negatives = ends + 1 - positives;
  const torch::Tensor zero = torch::zeros({1}, torch::kDouble);
  const double area =
      torch::trapezoid(torch::cat({zero, positives}), torch::cat({zero, negatives})).item<double>();
  return area / positives[-1].item<double>() / negatives[-1].item<double>();
}

struct Item {
  float score, label;
};

std::vector<Row> race_of(const std::string& name, const Scores& drawn, int rounds) {
  const torch::Tensor scores = tensor_of(drawn.scores), labels = tensor_of(drawn.labels);
  double ours = 0, stock = 0;
  std::unique_ptr<metrics::Buffer<Item>> items;
  const std::vector<System> systems = {
      {.name = "esmm::metrics::auc",
       .run =
           [&] {
             ours = *metrics::auc(std::span<const float>(drawn.scores), std::span<const float>(drawn.labels))
                         .value.number;
           }},
      {.name = "torch::sort, cumsum", .role = Role::stock, .run = [&] { stock = stock_auc(scores, labels); }},
      {.name = "radix sort of (score, label)",
       .role = Role::limit,
       .run = [&] { radix_sort(*items, [](const Item& item) { return metrics::ordered_key(item.score); }); },
       .prepare =
           [&] {
             items = std::make_unique<metrics::Buffer<Item>>(drawn.scores.size());
             for (size_t i = 0; i < items->size; ++i) (*items)[i] = {drawn.scores[i], drawn.labels[i]};
           }}};
  std::vector<Row> rows = race(name, static_cast<int64_t>(drawn.scores.size()), rounds, systems);
  if (std::abs(ours - stock) > 1e-9) {
    throw InternalError("AUC is " + std::to_string(ours) + ", stock LibTorch's is " + std::to_string(stock));
  }
  return rows;
}

std::string_view bytes_of(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

}  // namespace

std::vector<Row> bench_metrics(const MetricsBench& options) {
  const torch::InferenceMode inference;
  at::set_num_threads(1);
  const Scores distinct = draw(options.rows, 0);
  if (!options.arrays.empty()) {
    write_file(options.arrays / "scores.f32", bytes_of(distinct.scores));
    write_file(options.arrays / "labels.f32", bytes_of(distinct.labels));
  }
  std::vector<Row> rows = race_of("auc", distinct, options.rounds);
  const std::vector<Row> ties = race_of("auc_ties", draw(options.rows, 1000), options.rounds);
  rows.insert(rows.end(), ties.begin(), ties.end());
  return rows;
}

}  // namespace esmm::bench
