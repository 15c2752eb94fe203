#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "esmm/config/config.h"
#include "esmm/data/dataset.h"
#include "esmm/data/prepare/prepare_options.h"
#include "esmm/data/prepare/scan_counts.h"

namespace esmm::data {

struct PrepareReport {
  std::map<std::string, SplitCounts> splits;
  int64_t lines_read = 0;                    // impression lines
  int64_t left_out = 0;                      // impressions in none of the split's ranges
  int64_t conversions_without_click = 0;     // set to 0 by labels.conversion_requires_click
  std::map<std::string, int64_t> rejected;   // per reason
  std::vector<SourceLines> sources;          // of all that were read
  int64_t table_rows = 0;                    // V
  std::map<std::string, int64_t> unmatched;  // as ScanCounts has it
};

// Raw logs -> data set in `out`, which is replaced as a whole once everything succeeded (an older data set
// stays until then; a folder that holds anything else is refused). The same input gives the same bytes, on
// any number of threads. Throws ConfigError (missing column or file: before the data is read), Error (empty
// or one-class split, too many rejected), Interrupted (options.stop said so).
PrepareReport prepare(const Config& config, const std::filesystem::path& out,
                      const PrepareOptions& options = {});

}  // namespace esmm::data
