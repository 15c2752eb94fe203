#include "esmm/data/raw/byte_places.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstring>

#include "esmm/core/vectorised.h"

namespace esmm::data {
namespace {

constexpr size_t kBlock = 64;

// Bit i of `wanted`: byte i of a block is among those wanted; `high`: some byte has its eighth bit.
struct BlockBits {
  uint64_t wanted = 0;
  bool high = false;
};

// One block at a time, byte by byte.
struct PortableScan {
  std::array<bool, 256> among{};

  explicit PortableScan(const std::array<char, 5>& wanted) {
    for (const char byte : wanted) among[static_cast<unsigned char>(byte)] = true;
  }
  BlockBits operator()(const char* text) const {
    BlockBits bits;
    unsigned char any = 0;
    for (size_t i = 0; i < kBlock; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      bits.wanted |= uint64_t{among[byte]} << i;
      any |= byte;
    }
    bits.high = any >= 128;
    return bits;
  }
};

#ifdef __x86_64__

[[gnu::target("avx2")]] inline uint32_t bits_of(__m256i bytes) {
  return static_cast<uint32_t>(_mm256_movemask_epi8(bytes));
}

struct Avx2Scan {
  std::array<char, 5> wanted;

  [[gnu::target("avx2")]] BlockBits operator()(const char* text) const {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + kBlock / 2));
    __m256i found_low = _mm256_setzero_si256(), found_high = _mm256_setzero_si256();
    for (const char byte : wanted) {
      const __m256i same = _mm256_set1_epi8(byte);
      found_low = _mm256_or_si256(found_low, _mm256_cmpeq_epi8(low, same));
      found_high = _mm256_or_si256(found_high, _mm256_cmpeq_epi8(high, same));
    }
    return {bits_of(found_low) | uint64_t{bits_of(found_high)} << 32,
            bits_of(_mm256_or_si256(low, high)) != 0};
  }
};

struct Avx512Scan {
  std::array<char, 5> wanted;

  [[gnu::target("avx512f,avx512bw")]] BlockBits operator()(const char* text) const {
    const __m512i bytes = _mm512_loadu_si512(text);
    BlockBits bits;
    for (const char byte : wanted) bits.wanted |= _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte));
    bits.high = _mm512_movepi8_mask(bytes) != 0;
    return bits;
  }
};

#endif

}  // namespace

template <class Scan>
inline void BytePlaces::find_with(std::string_view text, const Scan& scan) {
  count_ = 0;
  bool high = false;
  const auto note = [&](const char* block, size_t at) {
    if (places_.size() < count_ + kBlock) places_.resize(std::max(2 * places_.size(), size_t{1} << 16));
    const BlockBits bits = scan(block);
    high |= bits.high;
    uint32_t* out = places_.data() + count_;
    for (uint64_t left = bits.wanted; left != 0; left &= left - 1)
      *out++ = static_cast<uint32_t>(at) + static_cast<uint32_t>(std::countr_zero(left));
    count_ += static_cast<size_t>(std::popcount(bits.wanted));
  };
  size_t at = 0;
  for (; at + kBlock <= text.size(); at += kBlock) note(text.data() + at, at);
  if (at < text.size()) {
    // A full block that repeats the text's first byte behind its end; what it finds there is taken back.
    char rest[kBlock];
    std::memset(rest, text.front(), kBlock);
    std::memcpy(rest, text.data() + at, text.size() - at);
    note(rest, at);
    while (count_ > 0 && places_[count_ - 1] >= text.size()) --count_;
  }
  ascii_ = !high;
}

#ifdef __x86_64__

void BytePlaces::find(std::string_view text, const std::array<char, 5>& wanted) {
  switch (vectors_) {
    case Vectors::avx512:
      return run_avx512([&] { find_with(text, Avx512Scan{wanted}); });
    case Vectors::avx2:
      return run_avx2([&] { find_with(text, Avx2Scan{wanted}); });
    case Vectors::portable:
      return find_with(text, PortableScan(wanted));
  }
}

#else

void BytePlaces::find(std::string_view text, const std::array<char, 5>& wanted) {
  find_with(text, PortableScan(wanted));
}

#endif

}  // namespace esmm::data
