#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "esmm/core/error.h"

namespace esmm::data {

// Place of each of `columns` among a file's `names`. Throws ConfigError where one is not there, naming the
// nearest, or is there twice: all such at once, or in their place the suspect, where there is one.
std::vector<size_t> places_of_columns(const std::vector<std::string>& columns,
                                      const std::vector<std::string>& names,
                                      const std::filesystem::path& file,
                                      const std::optional<Problem>& suspect = {});

// What is probably wrong where columns of a CSV file are missing and its header is a single column that holds
// another usual delimiter.
std::optional<Problem> wrong_delimiter(const std::filesystem::path& file, const std::string& delimiter,
                                       const std::vector<std::string>& names);

}  // namespace esmm::data
