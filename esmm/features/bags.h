#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "esmm/features/field.h"

namespace esmm {

// B rows x F fields of bags, row by row: the bag of row b and field f is number b * F + f and holds
// ids[offsets[bag]] .. ids[offsets[bag + 1] - 1].
template <class Id>
struct Bags {
  std::vector<int64_t> offsets{0};  // bags + 1
  std::vector<Id> ids;              // N
  std::vector<float> weights;       // raw weights, N; empty: all 1

  int64_t bags() const { return static_cast<int64_t>(offsets.size()) - 1; }

  void push(Id id, float weight = 1.0f) {
    if (weight != 1.0f && weights.empty()) weights.assign(ids.size(), 1.0f);
    ids.push_back(id);
    if (weight != 1.0f || !weights.empty()) weights.push_back(weight);
  }
  void close_bag() { offsets.push_back(static_cast<int64_t>(ids.size())); }
  // Takes back what came after there were so many bags (+ 1) and ids.
  void rewind(size_t old_offsets, size_t old_ids) {
    offsets.resize(old_offsets);
    ids.resize(old_ids);
    if (!weights.empty()) weights.resize(old_ids);
  }
  void clear() {
    offsets.assign(1, 0);
    ids.clear();
    weights.clear();
  }
};

using KeyBags = Bags<int64_t>;  // feature keys
using RowBags = Bags<int32_t>;  // table rows

// Turns the raw weights of one bag into effective ones, in place: sums stand, means are divided by their sum.
void apply_pooling(Pooling pooling, std::span<float> weights);

// Weights that turn every pooling into a weighted sum. raw: N or empty (all 1); result: N, or empty where all
// are 1.
//   sum:  w          mean: w / sum of w in the bag, 0 where that sum is 0
// pooling: one per field, F; bag number modulo F is the field.
std::vector<float> effective_weights(std::span<const int64_t> offsets, std::span<const float> raw,
                                     std::span<const Pooling> pooling);

// B impressions, encoded: what training and evaluation work on.
struct Batch {
  int64_t size = 0;               // B
  RowBags bags;                   // B x F
  std::vector<float> click;       // B, 0 or 1
  std::vector<float> conversion;  // B, 0 or 1; never 1 without a click
  // B, finite and not negative: weights in the losses of clicks and of conversions; empty: all 1
  std::vector<float> click_weight{}, conversion_weight{};
};

}  // namespace esmm
