#pragma once

#include <cstdint>
#include <filesystem>

namespace esmm::data {

// XXH3_64 of a file's bytes. Throws Error where it cannot be read.
uint64_t hash_of_file(const std::filesystem::path& file);

}  // namespace esmm::data
