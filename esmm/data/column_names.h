#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace esmm::data {

// Place of each of `columns` among a file's `names`. Throws ConfigError where one is not there, naming the
// nearest, or is there twice: all such at once.
std::vector<size_t> places_of_columns(const std::vector<std::string>& columns,
                                      const std::vector<std::string>& names,
                                      const std::filesystem::path& file);

}  // namespace esmm::data
