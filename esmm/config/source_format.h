#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "esmm/config/data_config.h"

namespace esmm {

// What a raw file's name tells: csv or parquet; nothing where it is none of these.
inline constexpr const char* kKnownNames = ".csv[.gz], .tsv[.gz] or .parquet";
std::optional<SourceFormat> format_by_name(const std::filesystem::path& file);

// Text between the columns of a source's CSV file: the source's delimiter; where it gives none, a tab in a
// .tsv file and a comma in others.
std::string delimiter_of(const SourceConfig& source, const std::filesystem::path& file);

}  // namespace esmm
