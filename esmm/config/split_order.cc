#include "esmm/config/split_order.h"

#include <algorithm>
#include <array>
#include <limits>
#include <regex>
#include <utility>

#include "esmm/core/iso_time.h"
#include "esmm/features/field_encoder.h"

namespace esmm {
namespace {

bool is_number(const SplitBound& bound) {
  double number = 0;
  return parse_number(bound.text, number);
}

bool is_day(const SplitBound& bound) {
  IsoTime time;
  return parse_iso_time(bound.text, time) && time.seconds == kSecondsPerDay;
}

// A bound that is finer than a second would promise more than is compared.
bool is_time(const SplitBound& bound) {
  IsoTime time;
  return parse_iso_time(bound.text, time) && time.seconds > 0;
}

SplitOrder::By order_of(const std::vector<SplitBound>& bounds) {
  const auto all = [&](bool (*is)(const SplitBound&)) {
    return std::all_of(bounds.begin(), bounds.end(), is);
  };
  if (all(is_number)) return SplitOrder::By::number;
  if (all(is_day)) return SplitOrder::By::day;
  return all(is_time) ? SplitOrder::By::time : SplitOrder::By::text;
}

}  // namespace

SplitOrder::SplitOrder(const SplitConfig& split) : by_(order_of(bounds_of(split))) {}

const char* SplitOrder::noun() const {
  return std::array{"number", "date", "time", "text"}[static_cast<size_t>(by_)];
}

const char* SplitOrder::form() const {
  return std::array{"a number", "YYYY-MM-DD, with or without a time", "YYYY-MM-DDThh:mm[:ss]",
                    "a text"}[static_cast<size_t>(by_)];
}

std::optional<SplitValue> SplitOrder::value(std::string_view text) const {
  double number = 0;
  int64_t day = 0;
  IsoTime time;
  switch (by_) {
    case By::number:
      if (!parse_number(text, number)) return std::nullopt;
      return SplitValue{.number = number};
    case By::day:
      if (!parse_iso_day(text, day)) return std::nullopt;
      return SplitValue{.number = static_cast<double>(day)};
    case By::time:
      if (!parse_iso_time(text, time) || time.seconds == kSecondsPerDay) return std::nullopt;
      return SplitValue{.number = static_cast<double>(time.start)};
    case By::text:
      break;
  }
  return SplitValue{.text = text};
}

const char* SplitOrder::advice(std::string_view text) const {
  double number = 0;
  if (by_ == By::number) return looks_like_date(text) ? "a date: write data.split's bounds as dates too" : "";
  return parse_number(text, number) ? "a number: write data.split's bounds as numbers too" : "";
}

std::vector<SplitInterval> SplitOrder::intervals(const SplitRange& range) const {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<SplitInterval> intervals;
  for (const std::string& value : range.values) intervals.push_back(named(value));
  if (range.from.empty() && range.to.empty()) return intervals;
  SplitInterval& all = intervals.emplace_back(SplitInterval{{.number = -kInfinity}, {.number = kInfinity}});
  if (!range.from.empty()) all.first = named(range.from).first;
  if (!range.to.empty()) all.last = named(range.to).last;
  return intervals;
}

SplitInterval SplitOrder::named(std::string_view bound) const {
  IsoTime time;
  if (by_ == By::time && parse_iso_time(bound, time)) {
    const auto start = static_cast<double>(time.start), length = static_cast<double>(time.seconds);
    return {{.number = start}, {.number = start + length - 1}};
  }
  const SplitValue only = value(bound).value();
  return {only, only};
}

std::vector<SplitBound> bounds_of(const SplitConfig& split) {
  std::vector<SplitBound> bounds;
  for (const auto& [name, range] :
       {std::pair("train.", &split.train), std::pair("validation.", &split.validation),
        std::pair("test.", &split.test)}) {
    const std::string key = name;
    if (!range->from.empty()) bounds.push_back({key + "from", range->from});
    if (!range->to.empty()) bounds.push_back({key + "to", range->to});
    for (size_t i = 0; i < range->values.size(); ++i)
      bounds.push_back({key + "values[" + std::to_string(i) + ']', range->values[i]});
  }
  return bounds;
}

bool looks_like_date(std::string_view text) {
  static const std::regex kDate(
      R"(^\s*(\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3\d{4}|\d{2}/\d{2}/\d{2})(T|\s|$))");
  return std::regex_search(text.begin(), text.end(), kDate);
}

std::vector<SplitBound> failed_dates(const SplitConfig& split) {
  std::vector<SplitBound> bounds = bounds_of(split);
  const bool dates = std::any_of(bounds.begin(), bounds.end(), [](const SplitBound& bound) {
    return is_time(bound) || looks_like_date(bound.text);
  });
  if (!dates) return {};
  bounds.erase(std::remove_if(bounds.begin(), bounds.end(), is_time), bounds.end());
  return bounds;
}

}  // namespace esmm
