#include "esmm/data/raw/ali_ccp_features.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace esmm::data {

bool is_finite_number(std::string_view text) {
  // Nearly all values are digits with a point, which need no conversion to be known as finite.
  size_t points = 0;
  size_t digits = 0;
  for (const char byte : text) {
    digits += byte >= '0' && byte <= '9' ? 1 : 0;
    points += byte == '.' ? 1 : 0;
  }
  if (digits + points == text.size() && digits > 0 && points <= 1 && digits < 30) return true;
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc{} && end == text.data() + text.size() &&
         std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max());
}

}  // namespace esmm::data
