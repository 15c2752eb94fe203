#pragma once

#include <string>
#include <vector>

#include "esmm/data/raw/chunk_storage.h"
#include "esmm/data/raw/line_reader.h"

namespace esmm::data {

// Reads the names of a CSV file's columns and goes on behind them. Lines ahead of the header that are none go
// to `before`, kept alive by `storage`. Throws Error where there is no header.
std::vector<std::string> read_csv_header(LineReader& lines, char delimiter, std::vector<RejectedLine>& before,
                                         ChunkStorage& storage);

}  // namespace esmm::data
