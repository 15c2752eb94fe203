#include "esmm/metrics/histogram.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "esmm/core/error.h"
#include "esmm/metrics/checks.h"

namespace esmm::metrics {
namespace {

template <typename Target>
Histogram histogram(std::span<const float> scores, std::span<const Target> target,
                    std::vector<double> edges) {
  check_same_size(scores.size(), target.size());
  if (edges.size() < 2 || std::ranges::adjacent_find(edges, std::greater_equal{}) != edges.end())
    throw InternalError("metrics: the edges of a histogram do not rise");
  Histogram counts{.edges = std::move(edges), .positive = {}, .negative = {}};
  const size_t bins = counts.edges.size() - 1;
  counts.positive.assign(bins, 0);
  counts.negative.assign(bins, 0);
  const auto inner_begin = counts.edges.begin() + 1, inner_end = counts.edges.end() - 1;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i])) throw_score_is_nan(i);
    const auto bin = static_cast<size_t>(
        std::upper_bound(inner_begin, inner_end, static_cast<double>(scores[i])) - inner_begin);
    counts.positive[bin] += static_cast<double>(target[i]);
    counts.negative[bin] += 1 - static_cast<double>(target[i]);
  }
  return counts;
}

double logit(double p) { return std::log(p) - std::log1p(-p); }
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

Histogram score_histogram(std::span<const float> scores, std::span<const float> target,
                          std::vector<double> edges) {
  return histogram(scores, target, std::move(edges));
}
Histogram score_histogram(std::span<const float> scores, std::span<const double> target,
                          std::vector<double> edges) {
  return histogram(scores, target, std::move(edges));
}

std::vector<double> logit_edges(std::span<const float> probabilities, size_t bins) {
  float lowest = 1, highest = 0;
  for (const float p : probabilities) {
    if (!(p > 0 && p < 1)) continue;
    lowest = std::min(lowest, p);
    highest = std::max(highest, p);
  }
  if (lowest > highest) return {};
  const double begin = logit(static_cast<double>(lowest)), end = logit(static_cast<double>(highest));
  if (lowest == highest) return {sigmoid(begin - 0.5), sigmoid(end + 0.5)};
  std::vector<double> edges;
  for (size_t i = 0; i <= bins; ++i) {
    const double edge = sigmoid(begin + (end - begin) * static_cast<double>(i) / static_cast<double>(bins));
    if (edges.empty() || edge > edges.back()) edges.push_back(edge);  // they may fall together beside 1
  }
  return edges;
}

}  // namespace esmm::metrics
