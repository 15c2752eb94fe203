#pragma once

#include <memory>

#include "esmm/data/raw/chunk_storage.h"
#include "esmm/data/raw/raw_reader.h"

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace esmm::data {

// An Arrow array as a column of text:
// - integers and decimals: decimal
// - floats: whole numbers below 10^15 as integers, others in the shortest form that reads back equal
// - bool: 0, 1
// - string, binary: as it stands
// - dates, times: YYYY-MM-DD, HH:MM:SS
// - timestamps: YYYY-MM-DDTHH:MM:SSZ, in UTC; without a zone they are taken as UTC
// - dictionaries: their values
// - lists: a value per element, "" for a null among them
// Seconds have as many decimals as the unit where they are not whole. A null is a row without values.
// The views point into `array` and `storage`.
void to_text(const arrow::Array& array, ChunkStorage& storage, RawColumn& column);

// Whether to_text takes several values a row from the type.
bool is_list(const arrow::DataType& type);

// Whether to_text knows the type.
bool has_text(const std::shared_ptr<arrow::DataType>& type);

}  // namespace esmm::data
