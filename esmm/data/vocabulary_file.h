#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace esmm::data {

// The vocabulary of a data set, as an Arrow IPC file: the keys, rising, and how often each was seen.
void write_vocabulary(const std::filesystem::path& file, std::span<const int64_t> keys,
                      std::span<const int64_t> counts);

// Its keys. Throws Error as map_arrow_file() does.
std::vector<int64_t> read_vocabulary(const std::filesystem::path& file);

}  // namespace esmm::data
