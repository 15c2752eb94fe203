#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "esmm/data/key_counts.h"

namespace esmm::data {

// The vocabulary of a data set, as an Arrow IPC file: the keys, rising, and how often each was seen.
void write_vocabulary(const std::filesystem::path& file, const KeyCounts::Known& known);

// Its keys. Throws Error as map_arrow_file() does.
std::vector<int64_t> read_vocabulary(const std::filesystem::path& file);

}  // namespace esmm::data
