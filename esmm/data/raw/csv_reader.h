#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {

// CSV of RFC 4180 (.gz is decompressed): a header line, quoted fields, line ends \n or \r\n, a UTF-8 byte
// order mark is skipped. A line that cannot be read is rejected alone: a quote that is never closed, or whose
// record then does not have the right columns, costs the line where it began, and reading goes on at the line
// after it. A quoted field may hold line ends, up to kMaxLineBytes in a record. Values are views into the
// file but for doubled quotes. Reasons: wrong column count, unclosed quote, text after a closing quote, not
// UTF-8, empty line, line longer than 4 MiB.
std::unique_ptr<RawReader> open_csv(const std::filesystem::path& file, const std::string& delimiter,
                                    const std::vector<std::string>& columns);

// Names in the header line. Throws Error where there is none.
std::vector<std::string> csv_columns(const std::filesystem::path& file, const std::string& delimiter);

}  // namespace esmm::data
