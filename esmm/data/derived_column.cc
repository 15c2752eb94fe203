#include "esmm/data/derived_column.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "esmm/features/field_encoder.h"

namespace esmm::data {
namespace {

constexpr int64_t kMinutesPerDay = 24 * 60;

int64_t floor_divide(int64_t value, int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

// floor(number / by) of a decimal text; whole numbers are divided exactly.
bool divide(std::string_view text, int64_t by, int64_t& result) {
  int64_t whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error == std::errc() && end == text.data() + text.size()) {
    result = floor_divide(whole, by);
    return true;
  }
  double number = 0;
  if (!parse_number(text, number)) return false;
  number = std::floor(number / static_cast<double>(by));
  if (std::abs(number) >= 0x1p63) return false;
  result = static_cast<int64_t>(number);
  return true;
}

// Minutes since 1970 of a count of units. False for times more than about 3,200 years from 1970: another unit
// was meant.
bool unix_minute(std::string_view text, int64_t units_per_minute, int64_t& minute) {
  constexpr int64_t kFarthest = int64_t{100'000'000'000} / 60;
  return divide(text, units_per_minute, minute) && std::abs(minute) <= kFarthest;
}

// Reads digits of a fixed width off the front.
bool take(std::string_view& text, size_t width, int64_t& number) {
  if (text.size() < width) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + width, number);
  if (error != std::errc() || end != text.data() + width || text.front() == '-') return false;
  text.remove_prefix(width);
  return true;
}

bool skip(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// "Z", "+08:00", "+0800", "+08" or nothing.
bool take_zone(std::string_view text, int64_t& minutes) {
  minutes = 0;
  if (text.empty() || text == "Z" || text == "z") return true;
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return false;
  text.remove_prefix(1);
  int64_t hours = 0, rest = 0;
  if (!take(text, 2, hours)) return false;
  if (!text.empty()) {
    skip(text, ':');
    if (!take(text, 2, rest)) return false;
  }
  minutes = (west ? -1 : 1) * (hours * 60 + rest);
  return text.empty() && hours <= 14 && rest < 60;
}

// Minute of the day, in UTC, of YYYY-MM-DD(T| )HH:MM[:SS[.fraction]][zone]; may lie outside 0 .. 1439.
bool iso_minute(std::string_view text, int64_t& minute) {
  int64_t year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, zone = 0;
  if (!take(text, 4, year) || !skip(text, '-') || !take(text, 2, month) || !skip(text, '-') ||
      !take(text, 2, day))
    return false;
  if (!skip(text, 'T') && !skip(text, ' ')) return false;
  if (!take(text, 2, hours) || !skip(text, ':') || !take(text, 2, minutes)) return false;
  if (skip(text, ':')) {
    if (!take(text, 2, seconds)) return false;
    if (skip(text, '.')) text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
  }
  if (!take_zone(text, zone)) return false;
  minute = hours * 60 + minutes - zone;
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && hours < 24 && minutes < 60 && seconds <= 60;
}

}  // namespace

bool derive(const DerivedConfig& config, std::string_view text, std::string& result) {
  result.clear();
  if (is_missing_number(text)) return true;
  int64_t number = 0;
  if (config.divide) {
    if (!divide(text, *config.divide, number)) return false;
  } else {
    const bool read = config.hour_of == "iso8601"
                          ? iso_minute(text, number)
                          : unix_minute(text, config.hour_of == "seconds" ? 60 : 60'000, number);
    if (!read) return false;
    const int64_t minute = number % kMinutesPerDay + config.utc_offset_minutes;
    number = (minute + 2 * kMinutesPerDay) % kMinutesPerDay / 60;
  }
  result = std::to_string(number);
  return true;
}

}  // namespace esmm::data
