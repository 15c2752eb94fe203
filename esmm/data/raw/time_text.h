#pragma once

#include <cstdint>
#include <string>

namespace esmm::data {

// Texts of ISO 8601. Years outside 0 .. 9999 have no such text; the number itself stands for them.
std::string date_text(int64_t days_since_1970);
// units_per_second: 1, 1'000, 1'000'000 or 1'000'000'000.
std::string timestamp_text(int64_t units_since_1970, int64_t units_per_second);
std::string time_of_day_text(int64_t units_since_midnight, int64_t units_per_second);

}  // namespace esmm::data
