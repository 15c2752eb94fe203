#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/config/data_config.h"

namespace esmm {

// A value of the column that a split goes by, as it compares. Views its text.
struct SplitValue {
  double number = 0;           // of values that are numbers, dates or times
  std::string_view text = {};  // of others
  auto operator<=>(const SplitValue&) const = default;
};

// The values from first to last, both inclusive.
struct SplitInterval {
  SplitValue first, last;

  bool empty() const { return last < first; }
  bool holds(const SplitValue& value) const { return first <= value && value <= last; }
  bool meets(const SplitInterval& other) const { return first <= other.last && other.first <= last; }
};

// How the values of a split's column compare, which all its bounds decide together.
class SplitOrder {
 public:
  enum class By {
    number,  // all bounds are numbers
    day,     // all are dates: a value's day counts, as it is written
    time,    // all are dates or have a time of day: a value's second counts, in UTC
    text,    // else: byte by byte
  };
  explicit SplitOrder(const SplitConfig& split);

  By by() const { return by_; }
  // What a value must be: "number", "date", "time" or "text"; and how that is written.
  const char* noun() const;
  const char* form() const;

  // Nothing where the text is no such number, date or time. Allocates nothing.
  std::optional<SplitValue> value(std::string_view text) const;
  // Where value() gives nothing: what to do about bounds that are numbers and a text that is a date, or the
  // other way round; else "".
  const char* advice(std::string_view text) const;

  // What a range holds: an interval for from and to, and one for each of the values. A bound with a time
  // holds all of the day, minute or second that it names. The range outlives the intervals.
  std::vector<SplitInterval> intervals(const SplitRange& range) const;

 private:
  // All that a bound names.
  SplitInterval named(std::string_view bound) const;

  By by_;
};

// One bound of a split by column. Views the config's text.
struct SplitBound {
  std::string key;  // "train.to", "test.values[0]"
  std::string_view text;
};

// All bounds that are given.
std::vector<SplitBound> bounds_of(const SplitConfig& split);

// Whether a text is written like a date, in whatever way: 2026-02-30, 2026-3-10, 10/03/2026 12:00.
bool looks_like_date(std::string_view text);

// Where a bound is a date, or looks like one: those that are neither a date nor a time. In such a split
// nothing compares as it was meant.
std::vector<SplitBound> failed_dates(const SplitConfig& split);

}  // namespace esmm
