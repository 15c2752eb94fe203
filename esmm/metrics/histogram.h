#pragma once

#include <span>
#include <vector>

namespace esmm::metrics {

// How much of each class lies between two edges.
struct Histogram {
  std::vector<double> edges;               // rising; bins + 1
  std::vector<double> positive, negative;  // mass per bin
};

// Bin k holds the scores of [edges[k], edges[k + 1]); the first also what lies below, the last also what lies
// above. target: labels, or the probability with which each row is a positive. O(n log bins). Throws Error on
// NaN; InternalError unless the edges rise and are two at least.
Histogram score_histogram(std::span<const float> scores, std::span<const float> target,
                          std::vector<double> edges);
Histogram score_histogram(std::span<const float> scores, std::span<const double> target,
                          std::vector<double> edges);

// Edges of `bins` bins of equal width in logit(p) = ln(p / (1 - p)) from the lowest to the highest of the
// probabilities strictly between 0 and 1; where all agree, one bin around them; none where there are none.
std::vector<double> logit_edges(std::span<const float> probabilities, size_t bins);

}  // namespace esmm::metrics
