#include "esmm/data/stored_ids.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <algorithm>
#include <cstring>
#include <string_view>

#include "esmm/core/vectorised.h"
#include "esmm/features/field_encoder.h"

namespace esmm::data {
namespace {

constexpr size_t kAhead = 16;

// Into the second level of caches: the first has fewer misses under way. Longer pieces are fetched as they
// are read.
void fetch(const StoredIds& piece) {
  constexpr int kRead = 0, kSecondLevel = 2;
  constexpr int64_t kLine = 64 / sizeof(int32_t), kMost = 8;
  for (int64_t i = 0; i < std::min(piece.length, kMost * kLine); i += kLine) {
    __builtin_prefetch(piece.ids + i, kRead, kSecondLevel);
    if (piece.weights != nullptr) __builtin_prefetch(piece.weights + i, kRead, kSecondLevel);
  }
}

template <class T>
uint64_t hash_of(const T* values, int64_t size, uint64_t seed) {
  const std::string_view bytes(reinterpret_cast<const char*>(values), static_cast<size_t>(size) * sizeof(T));
  return static_cast<uint64_t>(feature_key(bytes, seed));
}

template <class T>
bool same(const T* a, const T* b, int64_t size) {
  return size == 0 || a == b || std::memcmp(a, b, static_cast<size_t>(size) * sizeof(T)) == 0;
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

// The same without a rest of single ids: pieces may be short.
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

// Impressions lie far apart, so that every piece is a cache miss: we ask for memory some pieces before it is
// used, so that the misses of several are under way at once.
template <class Copy>
bool copy_with(Copy copy, std::span<const StoredIds> pieces, int32_t* ids, float* weights) {
  for (size_t p = 0; p < pieces.size(); ++p) {
    if (p + kAhead < pieces.size()) fetch(pieces[p + kAhead]);
    const StoredIds& piece = pieces[p];
    copy(piece.ids, piece.length, ids);
    ids += piece.length;
    if (weights == nullptr) continue;
    weights = piece.weights == nullptr ? std::fill_n(weights, piece.length, 1.0f)
                                       : std::copy_n(piece.weights, piece.length, weights);
  }
  return copy.good();
}

}  // namespace

bool copy_ids(std::span<const StoredIds> pieces, int64_t table_rows, int32_t* ids, float* weights,
              Vectors vectors) {
  bool good = false;
#ifdef __x86_64__
  if (vectors == Vectors::avx512) {
    run_avx512([&] { good = copy_with(IdCopyAvx512(table_rows), pieces, ids, weights); });
    return good;
  }
#endif
  vectorised(vectors, [&] { good = copy_with(IdCopy(table_rows), pieces, ids, weights); });
  return good;
}

bool same_ids(const StoredIds& one, const StoredIds& other) {
  return one.length == other.length && same(one.ids, other.ids, one.length) &&
         (one.weights == nullptr || same(one.weights, other.weights, one.length));
}

uint64_t hash_ids(const StoredIds& piece, uint64_t seed) {
  const uint64_t hash = hash_of(piece.ids, piece.length, seed);
  return piece.weights == nullptr || piece.length == 0 ? hash : hash_of(piece.weights, piece.length, hash);
}

}  // namespace esmm::data
