#include "esmm/metrics/auc_by_counting.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "esmm/metrics/checks.h"
#include "esmm/metrics/places.h"
#include "esmm/metrics/radix_sort.h"

namespace esmm::metrics {

namespace {

constexpr size_t kHalf = size_t{1} << 16;
constexpr size_t kNegative = 0, kPositive = 1;

// One number for the negatives and one for the positives of each of 2^16 keys.
using PerClass = std::vector<std::array<uint32_t, 2>>;

struct Row {
  uint32_t key;
  size_t label;
};

Row row_of(float score, float label) { return {ordered_key(score), label == 1.0F ? kPositive : kNegative}; }

PerClass rows_of_cells(std::span<const float> scores, std::span<const float> labels) {
  PerClass rows(kHalf);
  bool wrong = false;
  for (size_t i = 0; i < scores.size(); ++i) {
    const auto [key, label] = row_of(scores[i], labels[i]);
    wrong |= std::isnan(scores[i]) | (label == kNegative && labels[i] != 0.0F);
    ++rows[key / kHalf][label];
  }
  if (wrong) check_scores_and_labels(scores, labels);
  return rows;
}

// Lower halves of keys, by cell; in a cell the negatives' and then the positives'.
struct Cells {
  Buffer<uint16_t> keys;
  PerClass ends;

  Cells(std::span<const float> scores, std::span<const float> labels, const PerClass& rows)
      : keys(scores.size()), ends(rows) {
    uint32_t begin = 0;
    for (auto& cell : ends) {
      for (uint32_t& end : cell) begin += std::exchange(end, begin);
    }
    for (size_t i = 0; i < scores.size(); ++i) {
      const auto [key, label] = row_of(scores[i], labels[i]);
      keys[ends[key / kHalf][label]++] = static_cast<uint16_t>(key);
    }
  }
};

// How many rows have each lower half, and a bit for those halves that some row has: few in most cells.
class Counter {
 public:
  void add(std::span<const uint16_t> keys, size_t label) {
    for (const uint16_t key : keys) {
      ++rows_[key][label];
      seen_[key / 64] |= uint64_t{1} << (key % 64);
    }
  }

  // Tells the counts from the lowest key up and forgets them.
  void move_to(Places& places) {
    for (size_t word = 0; word < seen_.size(); ++word) {
      for (uint64_t bits = std::exchange(seen_[word], 0); bits != 0; bits &= bits - 1) {
        auto& rows = rows_[word * 64 + static_cast<size_t>(std::countr_zero(bits))];
        places.add(rows[kPositive], rows[kNegative]);
        rows = {};
      }
    }
  }

 private:
  PerClass rows_ = PerClass(kHalf);
  std::array<uint64_t, kHalf / 64> seen_{};
};

}  // namespace

Auc auc_by_counting(std::span<const float> scores, std::span<const float> labels) {
  check_same_size(scores.size(), labels.size());
  check_row_count(scores.size());
  const PerClass rows = rows_of_cells(scores, labels);
  size_t positives = 0;
  for (const auto& cell : rows) positives += cell[kPositive];
  Places places(positives, scores.size() - positives);

  const Cells cells(scores, labels, rows);
  Counter counter;
  size_t begin = 0;
  for (const auto& ends : cells.ends) {
    if (ends[kPositive] == begin) continue;
    for (const size_t label : {kNegative, kPositive}) {
      counter.add(cells.keys.view().subspan(begin, ends[label] - begin), label);
      begin = ends[label];
    }
    counter.move_to(places);
  }
  return places.auc();
}

}  // namespace esmm::metrics
