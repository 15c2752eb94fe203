#pragma once

#include <emmintrin.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace esmm::data {

// One feature of Ali-CCP's text: field 0x02 id 0x03 value.
struct AliCcpFeature {
  std::string_view field;
  std::string_view id;
  std::string_view value;
};

namespace ali_ccp {

inline constexpr char kBetweenFeatures = 0x01;
inline constexpr char kAfterField = 0x02;
inline constexpr char kAfterId = 0x03;

// Bit i: text[i] is one of the three separators. Reads 16 bytes.
inline uint32_t separators(const char* text) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  const __m128i from_zero = _mm_sub_epi8(bytes, _mm_set1_epi8(kBetweenFeatures));
  const __m128i within = _mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(2)), from_zero);
  return static_cast<uint32_t>(_mm_movemask_epi8(within));
}

}  // namespace ali_ccp

// Calls each(const AliCcpFeature&) -> bool for the features in `text`, joined by 0x01, until it says false.
// false: it did, or a feature has not all its parts (in text after `each` was called for those before it).
template <typename Each>
bool for_each_feature(std::string_view text, bool& truncated, Each&& each) {
  static constexpr char kExpected[] = {ali_ccp::kAfterField, ali_ccp::kAfterId, ali_ccp::kBetweenFeatures};
  std::string_view parts[3];
  size_t part = 0;
  size_t begin = 0;
  const auto end_part = [&](size_t end) {
    parts[part] = text.substr(begin, end - begin);
    begin = end + 1;
    part = part == 2 ? 0 : part + 1;
    if (part != 0) return true;
    truncated = parts[0].empty() || parts[1].empty() || parts[2].empty();
    return !truncated && each(AliCcpFeature{parts[0], parts[1], parts[2]});
  };
  truncated = false;
  if (text.empty()) return true;
  for (size_t at = 0; at < text.size(); at += 16) {
    uint32_t found = 0;
    if (at + 16 <= text.size()) {
      found = ali_ccp::separators(text.data() + at);
    } else {
      char rest[16] = {};
      std::memcpy(rest, text.data() + at, text.size() - at);
      found = ali_ccp::separators(rest);
    }
    for (; found != 0; found &= found - 1) {
      const size_t end = at + static_cast<size_t>(std::countr_zero(found));
      truncated = text[end] != kExpected[part];
      if (truncated || !end_part(end)) return false;
    }
  }
  truncated = part != 2;
  return !truncated && end_part(text.size());
}

// A decimal number that a float32 can hold; not nan, not inf.
bool is_finite_number(std::string_view text);

}  // namespace esmm::data
