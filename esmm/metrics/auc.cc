#include "esmm/metrics/auc.h"

#include <algorithm>

#include "esmm/metrics/auc_by_counting.h"
#include "esmm/metrics/checks.h"
#include "esmm/metrics/places.h"
#include "esmm/metrics/radix_sort.h"
#include "esmm/metrics/sorted_rows.h"
#include "esmm/metrics/weighted_auc.h"

namespace esmm::metrics {

namespace {

// Below this many rows the 2^16 cells of auc_by_counting cost more than a sort.
constexpr size_t kEnoughToCount = size_t{1} << 16;

// The sorted keys of the rows with this label.
template <typename Score>
Buffer<OrderedKey<Score>> sorted_keys(std::span<const Score> scores, std::span<const float> labels,
                                      float label) {
  using Key = OrderedKey<Score>;
  Buffer<Key> keys(static_cast<size_t>(std::count(labels.begin(), labels.end(), label)));
  size_t n = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (labels[i] == label) keys[n++] = ordered_key(scores[i]);
  }
  radix_sort(keys, [](Key key) { return key; });
  return keys;
}

// How many of `keys` follow `from` with the key `key`; moves `from` behind them.
template <typename Key>
size_t pass(const Buffer<Key>& keys, size_t& from, Key key) {
  const size_t begin = from;
  while (from < keys.size && keys[from] == key) ++from;
  return from - begin;
}

// Sorts the keys of each class and walks both at once.
template <typename Score>
Auc auc_by_sorting(std::span<const Score> scores, std::span<const float> labels) {
  check_scores_and_labels(scores, labels);
  check_row_count(scores.size());
  const auto positives = sorted_keys(scores, labels, 1), negatives = sorted_keys(scores, labels, 0);
  Places places(positives.size, negatives.size);
  for (size_t p = 0, n = 0; p < positives.size || n < negatives.size;) {
    const bool of_positive = n == negatives.size || (p < positives.size && positives[p] < negatives[n]);
    const auto key = of_positive ? positives[p] : negatives[n];
    const size_t positives_here = pass(positives, p, key);
    places.add(positives_here, pass(negatives, n, key));
  }
  return places.auc();
}

template <typename Score>
Value auc_of_weights(std::span<const Score> scores, std::span<const float> labels, Weights weights) {
  check_scores_and_labels(scores, labels);
  check_weights(weights, scores.size());
  return weighted_auc<Score>(sorted_rows(scores), scores,
                             [&](uint32_t row) { return mass_of(labels[row], weight_of(weights, row)); });
}

template <typename Score>
Value auc_of_masses(std::span<const Score> scores, std::span<const double> positive_mass,
                    std::span<const double> negative_mass) {
  for (const std::span<const double> masses : {positive_mass, negative_mass}) {
    check_same_size(scores.size(), masses.size());
    check_weights(masses, scores.size());
  }
  return weighted_auc<Score>(sorted_rows(scores), scores, [&](uint32_t row) {
    return Mass{positive_mass[row], negative_mass[row]};
  });
}

}  // namespace

Auc auc(std::span<const float> scores, std::span<const float> labels) {
  return scores.size() < kEnoughToCount ? auc_by_sorting(scores, labels) : auc_by_counting(scores, labels);
}
Auc auc(std::span<const double> scores, std::span<const float> labels) {
  return auc_by_sorting(scores, labels);
}

Value auc(std::span<const float> scores, std::span<const float> labels, Weights weights) {
  return auc_of_weights(scores, labels, weights);
}
Value auc(std::span<const double> scores, std::span<const float> labels, Weights weights) {
  return auc_of_weights(scores, labels, weights);
}

Value auc(std::span<const float> scores, std::span<const double> positive_mass,
          std::span<const double> negative_mass) {
  return auc_of_masses(scores, positive_mass, negative_mass);
}
Value auc(std::span<const double> scores, std::span<const double> positive_mass,
          std::span<const double> negative_mass) {
  return auc_of_masses(scores, positive_mass, negative_mass);
}

}  // namespace esmm::metrics
