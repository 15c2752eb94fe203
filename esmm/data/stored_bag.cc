#include "esmm/data/stored_bag.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <algorithm>

#include "esmm/core/vectorised.h"

namespace esmm::data {
namespace {

constexpr size_t kAhead = 16;

// Into the second level of caches: the first has fewer misses under way. Longer bags are fetched as they are
// read.
void fetch(const StoredBag& bag) {
  constexpr int kRead = 0, kSecondLevel = 2;
  constexpr int64_t kLine = 64 / sizeof(int32_t), kMost = 8;
  for (int64_t i = 0; i < std::min(bag.length, kMost * kLine); i += kLine) {
    __builtin_prefetch(bag.ids + i, kRead, kSecondLevel);
    if (bag.weights != nullptr) __builtin_prefetch(bag.weights + i, kRead, kSecondLevel);
  }
}

// Copies ids and notes whether all are in [0, rows): one pass without branches, which compilers vectorise.
class IdCopy {
 public:
  explicit IdCopy(int64_t rows) : last_(static_cast<int32_t>(rows - 1)) {}
  void operator()(const int32_t* from, int64_t size, int32_t* to) {
    for (int64_t i = 0; i < size; ++i) {
      const int32_t id = from[i];
      bad_ |= static_cast<int32_t>(id < 0) | static_cast<int32_t>(id > last_);
      to[i] = id;
    }
  }
  bool good() const { return bad_ == 0; }

 private:
  int32_t last_, bad_ = 0;
};

#ifdef __x86_64__

// The same without a rest of single ids: bags are short.
class IdCopyAvx512 {
 public:
  [[gnu::target("avx512f")]] explicit IdCopyAvx512(int64_t rows)
      : last_(_mm512_set1_epi32(static_cast<int32_t>(rows - 1))) {}
  [[gnu::target("avx512f")]] void operator()(const int32_t* from, int64_t size, int32_t* to) {
    constexpr int64_t kLanes = 16;
    for (int64_t i = 0; i < size; i += kLanes) {
      const auto mask = static_cast<__mmask16>(size - i < kLanes ? (1 << (size - i)) - 1 : 0xffff);
      const __m512i ids = _mm512_maskz_loadu_epi32(mask, from + i);
      bad_ |= _mm512_cmpgt_epu32_mask(ids, last_);  // without a sign, what is below 0 is above all
      _mm512_mask_storeu_epi32(to + i, mask, ids);
    }
  }
  bool good() const { return bad_ == 0; }

 private:
  __m512i last_;
  int bad_ = 0;
};

#endif

// Impressions lie far apart, so that every bag is a cache miss or two: we ask for memory some bags before it
// is used, so that the misses of several bags are under way at once.
template <class Copy>
bool copy_with(Copy copy, std::span<const StoredBag> bags, int32_t* ids, float* weights) {
  for (size_t b = 0; b < bags.size(); ++b) {
    if (b + kAhead < bags.size()) fetch(bags[b + kAhead]);
    const StoredBag& bag = bags[b];
    copy(bag.ids, bag.length, ids);
    ids += bag.length;
    if (weights == nullptr) continue;
    weights = bag.weights == nullptr ? std::fill_n(weights, bag.length, 1.0f)
                                     : std::copy_n(bag.weights, bag.length, weights);
  }
  return copy.good();
}

}  // namespace

bool copy_bags(std::span<const StoredBag> bags, int64_t table_rows, int32_t* ids, float* weights,
               Vectors vectors) {
  bool good = false;
#ifdef __x86_64__
  if (vectors == Vectors::avx512) {
    run_avx512([&] { good = copy_with(IdCopyAvx512(table_rows), bags, ids, weights); });
    return good;
  }
#endif
  vectorised(vectors, [&] { good = copy_with(IdCopy(table_rows), bags, ids, weights); });
  return good;
}

}  // namespace esmm::data
