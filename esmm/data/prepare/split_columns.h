#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <arrow/record_batch.h>

#include "esmm/data/dataset_layout.h"
#include "esmm/data/prepare/encoded_rows.h"
#include "esmm/data/prepare/key_dictionary.h"

namespace esmm::data {

// The columns of a split (split_schema) for some impressions, with the numbers of keys in `ids` in place of
// table rows. tables: places, in the plan, of those that the data set stores; places: which impressions;
// file: place of their file in the layout.
arrow::ArrayVector split_columns(const DatasetLayout& layout, const std::vector<size_t>& tables,
                                 const ImpressionRows& rows, const std::vector<uint32_t>& places,
                                 int32_t file, KeyDictionary& ids);

}  // namespace esmm::data
