#pragma once

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

}  // namespace ali_ccp

// Calls each(const AliCcpFeature&) -> bool for the features in `text`, joined by 0x01, until it says false.
// false: it did, or a feature has not all its parts (in text after `each` was called for those before it).
template <typename Each>
bool for_each_feature(std::string_view text, bool& truncated, Each&& each) {
  static constexpr char kExpected[] = {ali_ccp::kAfterField, ali_ccp::kAfterId, ali_ccp::kBetweenFeatures};
  static constexpr std::string_view kSeparators(kExpected, 3);
  truncated = false;
  for (bool more = !text.empty(); more;) {
    std::string_view parts[3];
    for (size_t part = 0; part < 3; ++part) {
      const size_t end = text.find_first_of(kSeparators);
      more = end != std::string_view::npos;
      parts[part] = text.substr(0, end);
      truncated = parts[part].empty() || (more ? text[end] != kExpected[part] : part != 2);
      if (truncated) return false;
      text.remove_prefix(more ? end + 1 : text.size());
    }
    if (!each(AliCcpFeature{parts[0], parts[1], parts[2]})) return false;
  }
  return true;
}

// A decimal number that a float32 can hold; not nan, not inf.
bool is_finite_number(std::string_view text);

}  // namespace esmm::data
