#pragma once

#include <string>
#include <string_view>

#include "esmm/config/data_config.h"

namespace esmm::data {

// Value of a derived column as decimal text; a missing value ("" or nan) stays missing. Times without a zone
// are UTC's. Returns false where the text is no number or time of the form that the config names; seconds and
// milliseconds thousands of years from now are of another unit.
bool derive(const DerivedConfig& config, std::string_view text, std::string& result);

// Why derive() refuses a text of a column: a reason that has no values in it, and what is expected.
struct DeriveRefusal {
  std::string reason, expected;
};
DeriveRefusal refusal_of(const DerivedConfig& config, const std::string& column);

}  // namespace esmm::data
