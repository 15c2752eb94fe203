#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "esmm/core/error.h"

namespace esmm::data {

bool has(const std::vector<std::string>& names, const std::string& name);

// The header of a CSV file that is a single column and holds another usual delimiter.
struct WrongDelimiter {
  Problem problem;                   // told where a column is missing that is among `columns`
  std::vector<std::string> columns;  // that the header has with that delimiter
};
std::optional<WrongDelimiter> wrong_delimiter(const std::filesystem::path& file, const std::string& delimiter,
                                              const std::vector<std::string>& names);

// Place of each of `columns` among a file's `names`. Throws ConfigError where one is not there, naming the
// nearest, or is there twice: all such at once, those that a wrong delimiter explains as that.
std::vector<size_t> places_of_columns(const std::vector<std::string>& columns,
                                      const std::vector<std::string>& names,
                                      const std::filesystem::path& file,
                                      const std::optional<WrongDelimiter>& wrong = {});

}  // namespace esmm::data
