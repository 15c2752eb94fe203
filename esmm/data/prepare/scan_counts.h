#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "esmm/data/prepare/split_rule.h"
#include "esmm/data/raw/rejected.h"

namespace esmm::data {

// What reading raw logs counts.
struct ScanCounts {
  int64_t lines = 0;                 // of impressions
  std::vector<SourceLines> sources;  // of all that were read
  int64_t left_out = 0;
  int64_t conversions_without_click = 0;
  ValueRange split_values;  // of the split's column
  // Training impressions, or all that are to be scored, that found no row: per joined source that is not
  // required.
  std::map<std::string, int64_t> unmatched;
};

}  // namespace esmm::data
