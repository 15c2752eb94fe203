#include "esmm/metrics/sorted_rows.h"

#include <fmt/format.h>

#include <limits>

#include "esmm/core/error.h"
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

void throw_score_is_nan(size_t row) {
  throw Error({.what = fmt::format("prediction of row {} is not a number", row),
               .expected = "a number",
               .got = "nan",
               .hint = "the model has diverged: lower the learning rate or look at its loss"});
}

void throw_label_is_neither(size_t row, double label) {
  throw Error({.what = fmt::format("bad label of row {}", row),
               .expected = "0 or 1",
               .got = fmt::format("{}", label),
               .hint = "check the labels of the data set"});
}

void throw_bad_mass(size_t row, double mass) {
  throw Error({.what = fmt::format("bad mass of row {}", row),
               .expected = "a finite number that is not negative",
               .got = fmt::format("{}", mass),
               .hint = "check the true probabilities of the data set"});
}

void check_row_count(size_t rows) {
  if (rows > std::numeric_limits<uint32_t>::max()) {
    throw Error({.what = "too many rows to evaluate at once",
                 .expected = "fewer than 2^32",
                 .got = std::to_string(rows),
                 .hint = "evaluate a part of them"});
  }
}

void check_same_size(size_t scores, size_t others) {
  if (scores != others)
    throw InternalError(fmt::format("metrics: {} scores beside {} values", scores, others));
}

}  // namespace esmm::metrics
