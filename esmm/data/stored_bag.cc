#include "esmm/data/stored_bag.h"

#include <algorithm>

namespace esmm::data {
namespace {

constexpr size_t kAhead = 16;

// Longer bags are fetched as they are read.
void fetch(const StoredBag& bag) {
  constexpr int64_t kLine = 64 / sizeof(int32_t), kMost = 8;
  for (int64_t i = 0; i < std::min(bag.length, kMost * kLine); i += kLine) {
    __builtin_prefetch(bag.ids + i);
    if (bag.weights != nullptr) __builtin_prefetch(bag.weights + i);
  }
}

// Copies ids and says whether all are in [0, bound): one pass without branches, which compilers vectorise.
bool copy_ids(const int32_t* from, int64_t size, int64_t bound, int32_t* to) {
  const auto last = static_cast<int32_t>(bound - 1);
  int32_t bad = 0;
  for (int64_t i = 0; i < size; ++i) {
    const int32_t id = from[i];
    bad |= static_cast<int32_t>(id < 0) | static_cast<int32_t>(id > last);
    to[i] = id;
  }
  return bad == 0;
}

}  // namespace

// Impressions lie far apart, so that every bag is a cache miss or two: we ask for memory some bags before it
// is used, so that the misses of several bags are under way at once.
bool copy_bags(std::span<const StoredBag> bags, int64_t table_rows, int32_t* ids, float* weights) {
  bool good = true;
  for (size_t b = 0; b < bags.size(); ++b) {
    if (b + kAhead < bags.size()) fetch(bags[b + kAhead]);
    const StoredBag& bag = bags[b];
    good &= copy_ids(bag.ids, bag.length, table_rows, ids);
    ids += bag.length;
    if (weights == nullptr) continue;
    weights = bag.weights == nullptr ? std::fill_n(weights, bag.length, 1.0f)
                                     : std::copy_n(bag.weights, bag.length, weights);
  }
  return good;
}

}  // namespace esmm::data
