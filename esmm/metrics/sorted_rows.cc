#include "esmm/metrics/sorted_rows.h"

#include <cmath>

#include "esmm/metrics/checks.h"
#include "esmm/metrics/radix_sort.h"

namespace esmm::metrics {

namespace {

template <typename Score>
std::vector<uint32_t> sorted(std::span<const Score> scores) {
  struct Item {
    OrderedKey<Score> key;
    uint32_t row;
  };
  check_row_count(scores.size());
  Buffer<Item> items(scores.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i])) throw_score_is_nan(i);
    items[i] = {ordered_key(scores[i]), static_cast<uint32_t>(i)};
  }
  radix_sort(items, [](const Item& item) { return item.key; });
  std::vector<uint32_t> order(scores.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = items[i].row;
  return order;
}

}  // namespace

std::vector<uint32_t> sorted_rows(std::span<const float> scores) { return sorted(scores); }
std::vector<uint32_t> sorted_rows(std::span<const double> scores) { return sorted(scores); }

}  // namespace esmm::metrics
