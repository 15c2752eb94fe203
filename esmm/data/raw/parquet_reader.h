#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {

// Parquet as text (array_text.h says how values look); only the columns asked for are read. A null is a row
// without values. A row with text that is not UTF-8, or with more than kMaxLineBytes of text, is rejected.
// Lines are rows of the file, from 1. Throws ConfigError where a column's type has no text, Error where the
// file is damaged.
std::unique_ptr<RawReader> open_parquet(const std::filesystem::path& file,
                                        const std::vector<std::string>& columns);

// Names of the top-level columns.
std::vector<std::string> parquet_columns(const std::filesystem::path& file);

// Whether a top-level column has several values a row; false where it is not there.
bool is_parquet_list(const std::filesystem::path& file, const std::string& column);

}  // namespace esmm::data
