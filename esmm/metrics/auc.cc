#include "esmm/metrics/auc.h"

#include <algorithm>
#include <cmath>

#include "esmm/metrics/radix_sort.h"
#include "esmm/metrics/sorted_rows.h"
#include "esmm/metrics/weighted_auc.h"

namespace esmm::metrics {

namespace {

// A positive's place is twice the negatives below it plus those tied with it; a negative's, twice the
// positives above it plus those tied with it. Whole numbers, so that sums over any number of rows are exact.
struct Places {
  __extension__ using Whole = unsigned __int128;
  Whole sum = 0, squares = 0;

  void add(uint64_t rows, uint64_t place) {
    sum += static_cast<Whole>(rows) * place;
    squares += static_cast<Whole>(rows) * place * place;
  }

  // Sample variance of place / (2 * others). The numerator is exact for fewer than 2^32 rows in all.
  double variance(size_t rows, size_t others) const {
    const auto numerator = static_cast<double>(squares * rows - sum * sum);
    const double scale = 2 * static_cast<double>(others);
    return numerator / static_cast<double>(rows) / static_cast<double>(rows - 1) / scale / scale;
  }
};

// Both sorted. Walks the positives; the negatives between two of them share one place.
template <typename Key>
void find_places(std::span<const Key> positives, std::span<const Key> negatives, Places& of_positives,
                 Places& of_negatives) {
  size_t below = 0;
  for (size_t i = 0; i < positives.size();) {
    const Key score = positives[i];
    size_t end = i + 1;
    while (end < positives.size() && positives[end] == score) ++end;

    const size_t first = below;
    while (below < negatives.size() && negatives[below] < score) ++below;
    size_t tie_end = below;
    while (tie_end < negatives.size() && negatives[tie_end] == score) ++tie_end;

    const size_t tied = tie_end - below;
    of_positives.add(end - i, 2 * below + tied);
    of_negatives.add(below - first, 2 * (positives.size() - i));
    of_negatives.add(tied, 2 * (positives.size() - end) + (end - i));
    below = tie_end;
    i = end;
  }
}

void set_interval(Auc& auc, const Places& of_positives, const Places& of_negatives, size_t positives,
                  size_t negatives) {
  constexpr double kTwoSided95 = 1.959963984540054;
  if (positives < 2 || negatives < 2) {
    auc.low = auc.high = undefined("fewer than two rows of a class");
    return;
  }
  const double variance = of_positives.variance(positives, negatives) / static_cast<double>(positives) +
                          of_negatives.variance(negatives, positives) / static_cast<double>(negatives);
  if (variance <= 0) {
    auc.low = auc.high = undefined("DeLong's variance is zero: classes do not overlap, or all scores tie");
    return;
  }
  const double half = kTwoSided95 * std::sqrt(variance);
  auc.low = defined(std::max(0.0, *auc.value.number - half));
  auc.high = defined(std::min(1.0, *auc.value.number + half));
}

// The keys of each class, positives first, in one array each: sorting them apart costs what sorting all of
// them does and needs no label beside the key.
template <typename Score>
Auc auc_of_labels(std::span<const Score> scores, std::span<const float> labels) {
  using Key = OrderedKey<Score>;
  check_same_size(scores.size(), labels.size());
  check_row_count(scores.size());
  const auto positive_rows = static_cast<size_t>(std::count(labels.begin(), labels.end(), 1.0F));
  // One place more than needed, since every row is written to both and only one of the two keeps it.
  Buffer<Key> positives(positive_rows + 1), negatives(scores.size() - positive_rows + 1);
  size_t p = 0, n = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i])) throw_score_is_nan(i);
    const bool positive = labels[i] == 1.0F;
    if (!positive && labels[i] != 0.0F) throw_label_is_neither(i, labels[i]);
    const Key key = ordered_key(scores[i]);
    positives[p] = key;
    negatives[n] = key;
    p += positive;
    n += !positive;
  }
  positives.size = p;
  negatives.size = n;

  if (p == 0 || n == 0) {
    const Value none = undefined(scores.empty() ? "no rows" : p == 0 ? "no positives" : "no negatives");
    return {none, none, none};
  }
  const auto same = [](Key key) { return key; };
  radix_sort(positives, same);
  radix_sort(negatives, same);

  Places of_positives, of_negatives;
  find_places(positives.view(), negatives.view(), of_positives, of_negatives);
  Auc result;
  result.value =
      defined(static_cast<double>(of_positives.sum) / (2 * static_cast<double>(p) * static_cast<double>(n)));
  set_interval(result, of_positives, of_negatives, p, n);
  return result;
}

template <typename Score>
Value auc_of_masses(std::span<const Score> scores, std::span<const double> positive_mass,
                    std::span<const double> negative_mass) {
  check_same_size(scores.size(), positive_mass.size());
  check_same_size(scores.size(), negative_mass.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    for (const double mass : {positive_mass[i], negative_mass[i]}) {
      if (!(mass >= 0) || std::isinf(mass)) throw_bad_mass(i, mass);
    }
  }
  const std::vector<uint32_t> order = sorted_rows(scores);
  return weighted_auc<Score>(order, scores, [&](uint32_t row) {
    return Mass{positive_mass[row], negative_mass[row]};
  });
}

}  // namespace

Auc auc(std::span<const float> scores, std::span<const float> labels) {
  return auc_of_labels(scores, labels);
}
Auc auc(std::span<const double> scores, std::span<const float> labels) {
  return auc_of_labels(scores, labels);
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
