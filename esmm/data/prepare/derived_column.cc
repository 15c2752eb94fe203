#include "esmm/data/prepare/derived_column.h"

#include <charconv>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "esmm/core/floor_divide.h"
#include "esmm/core/iso_time.h"
#include "esmm/features/field_encoder.h"

namespace esmm::data {
namespace {

constexpr int64_t kMinutesPerDay = 24 * 60;

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

// Minutes since 1970 of a time of ISO 8601; a date is none.
bool iso_minute(std::string_view text, int64_t& minute) {
  IsoTime time;
  if (!parse_iso_time(text, time) || time.seconds == kSecondsPerDay) return false;
  minute = floor_divide(time.start, 60);
  return true;
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

DeriveRefusal refusal_of(const DerivedConfig& config, const std::string& column) {
  if (config.divide) return {fmt::format("bad number in column {}", column), "a number"};
  return {fmt::format("bad time in column {} (hour_of: {})", column, config.hour_of),
          config.hour_of == "iso8601"
              ? "YYYY-MM-DDThh:mm[:ss][Z or ±hh:mm]"
              : fmt::format("{} since 1970 (iso8601 takes a time that is written out)", config.hour_of)};
}

}  // namespace esmm::data
