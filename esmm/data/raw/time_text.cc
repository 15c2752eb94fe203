#include "esmm/data/raw/time_text.h"

#include <fmt/format.h>

#include <chrono>

#include "esmm/core/floor_divide.h"
#include "esmm/core/iso_time.h"

namespace esmm::data {

namespace {

constexpr int64_t kFirstDay = -719'528;  // 0000-01-01
constexpr int64_t kLastDay = 2'932'896;  // 9999-12-31

}  // namespace

std::string date_text(int64_t days) {
  if (days < kFirstDay || days > kLastDay) return std::to_string(days);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string time_of_day_text(int64_t units, int64_t units_per_second) {
  const int64_t seconds = units / units_per_second;
  std::string text = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  const int64_t fraction = units % units_per_second;
  if (fraction != 0) text += fmt::format(".{}", std::to_string(units_per_second + fraction).substr(1));
  return text;
}

std::string timestamp_text(int64_t units, int64_t units_per_second) {
  const int64_t seconds = floor_divide(units, units_per_second);
  const int64_t days = floor_divide(seconds, kSecondsPerDay);
  if (days < kFirstDay || days > kLastDay) return std::to_string(units);
  const int64_t units_of_day =
      floor_modulo(seconds, kSecondsPerDay) * units_per_second + floor_modulo(units, units_per_second);
  return fmt::format("{}T{}Z", date_text(days), time_of_day_text(units_of_day, units_per_second));
}

}  // namespace esmm::data
