#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "esmm/config/data_config.h"

namespace esmm::data {

// Warns of each joined source in which half of the impressions or more found no row: keys that are written in
// another way in one of the files match nowhere. unmatched: per source; which: of what impressions there are
// so many.
void warn_of_unmatched(const std::vector<JoinConfig>& joins, const std::map<std::string, int64_t>& unmatched,
                       int64_t impressions, const char* which);

}  // namespace esmm::data
