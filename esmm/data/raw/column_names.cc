#include "esmm/data/raw/column_names.h"

#include "esmm/core/error.h"
#include "esmm/core/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace esmm::data {

namespace {

constexpr size_t kNamesShown = 20;

// As YAML writes it, with quotes.
std::string quoted(char delimiter) {
  return delimiter == '\t' ? R"("\t")" : fmt::format("\"{}\"", delimiter);
}

Problem missing(const std::string& column, const std::vector<std::string>& names,
                const std::filesystem::path& file) {
  std::string hint = did_you_mean(column, names);
  if (hint.empty()) {
    const auto end = names.begin() + static_cast<ptrdiff_t>(std::min(names.size(), kNamesShown));
    hint = fmt::format("its columns are {}{}", fmt::join(names.begin(), end, ", "),
                       end == names.end() ? "" : ", …");
  }
  return {.what = fmt::format("no column '{}'", column), .where = file.string(), .hint = std::move(hint)};
}

}  // namespace

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<WrongDelimiter> wrong_delimiter(const std::filesystem::path& file, const std::string& delimiter,
                                              const std::vector<std::string>& names) {
  if (names.size() != 1 || delimiter.size() != 1) return std::nullopt;
  const std::string& header = names.front();
  const size_t place = header.find_first_of(",;\t|");
  if (place == std::string::npos || header[place] == delimiter.front()) return std::nullopt;
  const std::string other = quoted(header[place]);
  WrongDelimiter wrong{.problem = {.what = "the header is a single column",
                                   .where = file.string(),
                                   .expected = "columns parted by " + quoted(delimiter.front()),
                                   .got = other + " in its name",
                                   .hint = "set the source's delimiter to " + other},
                       .columns = {}};
  std::istringstream columns(header);
  for (std::string column; std::getline(columns, column, header[place]);) wrong.columns.push_back(column);
  return wrong;
}

std::vector<size_t> places_of_columns(const std::vector<std::string>& columns,
                                      const std::vector<std::string>& names,
                                      const std::filesystem::path& file,
                                      const std::optional<WrongDelimiter>& wrong) {
  std::vector<size_t> places;
  std::vector<Problem> problems;
  bool explained = false;
  for (const std::string& column : columns) {
    const auto found = std::find(names.begin(), names.end(), column);
    if (found == names.end() && wrong && has(wrong->columns, column)) {
      explained = true;
    } else if (found == names.end()) {
      problems.push_back(missing(column, names, file));
    } else if (std::find(found + 1, names.end(), column) != names.end()) {
      problems.push_back({.what = fmt::format("column '{}' is there twice", column),
                          .where = file.string(),
                          .hint = "rename one of them"});
    }
    places.push_back(static_cast<size_t>(found - names.begin()));
  }
  if (explained) problems.insert(problems.begin(), wrong->problem);
  if (!problems.empty()) throw ConfigError(std::move(problems));
  return places;
}

}  // namespace esmm::data
