#include "esmm/core/iso_time.h"

#include <algorithm>
#include <chrono>

namespace esmm {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads digits of a fixed width off the front.
bool take(std::string_view& text, size_t width, int& number) {
  if (text.size() < width) return false;
  number = 0;
  for (size_t i = 0; i < width; ++i) {
    if (!is_digit(text[i])) return false;
    number = 10 * number + (text[i] - '0');
  }
  text.remove_prefix(width);
  return true;
}

bool skip(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

bool take_day(std::string_view& text, int64_t& day) {
  int y = 0, m = 0, d = 0;
  if (!take(text, 4, y) || !skip(text, '-') || !take(text, 2, m) || !skip(text, '-') || !take(text, 2, d))
    return false;
  const std::chrono::year_month_day date{std::chrono::year{y}, std::chrono::month(static_cast<unsigned>(m)),
                                         std::chrono::day(static_cast<unsigned>(d))};
  day = std::chrono::sys_days{date}.time_since_epoch().count();
  return date.ok();
}

// hh:mm[:ss[.fraction]], added to the time.
bool take_time_of_day(std::string_view& text, IsoTime& time) {
  int hours = 0, minutes = 0, seconds = 0;
  if (!take(text, 2, hours) || !skip(text, ':') || !take(text, 2, minutes)) return false;
  time.seconds = 60;
  if (skip(text, ':')) {
    if (!take(text, 2, seconds)) return false;
    time.seconds = 1;
    if (skip(text, '.')) {
      if (text.empty() || !is_digit(text.front())) return false;
      text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
      time.seconds = 0;
    }
  }
  time.start += hours * 3600 + minutes * 60 + std::min(seconds, 59);  // 60: a leap second, in its own minute
  return hours < 24 && minutes < 60 && seconds <= 60;
}

// Whether text starts with an hour that a day has, of one digit or two, and with minutes and seconds of a
// time where colons say that there are some.
bool starts_with_time_of_day(std::string_view text) {
  const size_t digits = text.size() > 1 && is_digit(text[1]) ? 2 : 1;
  int hours = 0, minutes = 0, seconds = 0;
  if (!take(text, digits, hours) || hours >= 24) return false;
  if (!skip(text, ':')) return true;
  if (!take(text, 2, minutes) || minutes >= 60) return false;
  return !skip(text, ':') || (take(text, 2, seconds) && seconds <= 60);
}

// "Z", "+08:00", "+0800", "+08" or nothing, to the end of the text.
bool take_zone(std::string_view text, int64_t& seconds) {
  seconds = 0;
  if (text.empty() || text == "Z" || text == "z") return true;
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return false;
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!take(text, 2, hours)) return false;
  if (!text.empty()) {
    skip(text, ':');
    if (!take(text, 2, minutes)) return false;
  }
  seconds = (west ? -60 : 60) * (hours * 60 + minutes);
  return text.empty() && hours <= 14 && minutes < 60;
}

}  // namespace

bool parse_iso_day(std::string_view text, int64_t& day) {
  if (!take_day(text, day)) return false;
  if (text.empty()) return true;
  return (skip(text, 'T') || skip(text, ' ')) && starts_with_time_of_day(text);
}

bool parse_iso_time(std::string_view text, IsoTime& time) {
  int64_t day = 0, zone = 0;
  if (!take_day(text, day)) return false;
  time = {.start = day * kSecondsPerDay, .seconds = kSecondsPerDay};
  if (text.empty()) return true;
  if (!skip(text, 'T') && !skip(text, ' ')) return false;
  if (!take_time_of_day(text, time) || !take_zone(text, zone)) return false;
  time.start -= zone;
  return true;
}

}  // namespace esmm
