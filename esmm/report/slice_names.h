#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "esmm/features/schema.h"

namespace esmm::report {

// Names for a person of table rows of one field. A data set holds keys, not texts; the texts are found again
// where they are small whole numbers (ids, hours, buckets) or missing, by their keys. A bucket is named by
// its edges, the row of unknown values "unknown"; any other row "table row <n>". vocabulary: sorted keys;
// empty in hashed mode, where only the number of the row is known.
std::vector<std::string> slice_names(std::span<const int32_t> rows, const Schema& schema, int64_t field,
                                     std::span<const int64_t> vocabulary);

}  // namespace esmm::report
