#pragma once

#include <cstdint>
#include <string_view>

namespace esmm {

inline constexpr int64_t kSecondsPerDay = 86'400;

// Days since 1970 of a date YYYY-MM-DD, or of a time that starts with one and then has T or a space and an
// hour [h]h[:mm[:ss]]; what follows may be anything. The day as written, whatever the zone. False: something
// else, or no day of the calendar or time of a day.
bool parse_iso_day(std::string_view text, int64_t& day);

// What a text of ISO 8601 names: some seconds, in UTC.
struct IsoTime {
  int64_t start = 0;    // the first of them, since 1970
  int64_t seconds = 0;  // a day has 86,400, a minute 60, a second 1; of a fraction of a second: 0
};

// Reads YYYY-MM-DD or YYYY-MM-DD(T| )hh:mm[:ss[.fraction]][Z|±hh[[:]mm]], the whole text; without a zone it
// is UTC. False: something else, or no day of the calendar.
bool parse_iso_time(std::string_view text, IsoTime& time);

}  // namespace esmm
