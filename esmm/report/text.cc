#include "esmm/report/text.h"

#include <fmt/format.h>

#include <cmath>

#include "esmm/core/error.h"

namespace esmm::report {
namespace {

// Length of the UTF-8 character that `text` begins with; 0: it begins with none (RFC 3629).
size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const size_t length = first < 0x80   ? 1
                        : first < 0xC2 ? 0
                        : first < 0xE0 ? 2
                        : first < 0xF0 ? 3
                        : first < 0xF5 ? 4
                                       : 0;
  if (length == 0 || length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  if (length == 3 && first == 0xE0 && byte(1) < 0xA0) return 0;  // too long a form
  if (length == 3 && first == 0xED && byte(1) > 0x9F) return 0;  // half of a pair
  if (length == 3 && first == 0xEF && byte(1) == 0xBF && byte(2) > 0xBD)
    return 0;  // U+FFFE, U+FFFF: not in XML
  if (length == 4 && (first == 0xF0 ? byte(1) < 0x90 : first == 0xF4 && byte(1) > 0x8F)) return 0;
  return length;
}

// "1234.5000" -> "1234.5"
std::string without_trailing_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

void require_finite(double value) {
  if (!std::isfinite(value)) throw InternalError("report: a number that is not finite");
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    const char first = text.front();
    const bool control =
        length == 1 &&
        ((static_cast<unsigned char>(first) < 0x20 && first != '\n' && first != '\t') || first == 0x7F);
    if (length == 0 || control) {
      out += "\xEF\xBF\xBD";
    } else if (first == '&') {
      out += "&amp;";
    } else if (first == '<') {
      out += "&lt;";
    } else if (first == '>') {
      out += "&gt;";
    } else if (first == '"') {
      out += "&quot;";
    } else if (first == '\'') {
      out += "&#39;";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string number_text(double value, int digits) {
  require_finite(value);
  if (value == 0) return "0";
  const double magnitude = std::floor(std::log10(std::abs(value)));
  if (magnitude < -6 || magnitude > 14) return fmt::format("{:.{}g}", value, digits);
  const int decimals = std::max(0, digits - 1 - static_cast<int>(magnitude));
  return without_trailing_zeros(fmt::format("{:.{}f}", value, decimals));
}

std::string count_text(double value) {
  require_finite(value);
  std::string text = fmt::format("{:.0f}", std::abs(value));
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return (value < 0 ? "−" : "") + text;
}

std::string percent_text(double value, int digits) { return number_text(100 * value, digits) + " %"; }

std::string short_text(double value) {
  if (std::abs(value) >= 1e9) return number_text(value / 1e9, 3) + "G";
  if (std::abs(value) >= 1e6) return number_text(value / 1e6, 3) + "M";
  if (std::abs(value) >= 1e4) return number_text(value / 1e3, 3) + "k";
  return number_text(value, 4);
}

std::string pixels(double value) {
  require_finite(value);
  return without_trailing_zeros(fmt::format("{:.1f}", value));
}

}  // namespace esmm::report
