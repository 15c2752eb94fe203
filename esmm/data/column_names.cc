#include "esmm/data/column_names.h"

#include "esmm/core/error.h"
#include "esmm/core/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace esmm::data {

namespace {

constexpr size_t kNamesShown = 20;

// A usual delimiter, as YAML writes it, with quotes, in a header that is a single column; else "".
std::string other_delimiter(const std::vector<std::string>& names) {
  if (names.size() != 1) return {};
  const size_t place = names.front().find_first_of(",;\t|");
  if (place == std::string::npos) return {};
  return names.front()[place] == '\t' ? R"("\t")" : fmt::format("\"{}\"", names.front()[place]);
}

Problem missing(const std::string& column, const std::vector<std::string>& names,
                const std::filesystem::path& file) {
  const std::string delimiter = other_delimiter(names);
  std::string hint = did_you_mean(column, names);
  if (!delimiter.empty()) {
    hint =
        fmt::format("its header is a single column that holds {}; check the source's delimiter", delimiter);
  } else if (hint.empty()) {
    const auto end = names.begin() + static_cast<ptrdiff_t>(std::min(names.size(), kNamesShown));
    hint = fmt::format("its columns are {}{}", fmt::join(names.begin(), end, ", "),
                       end == names.end() ? "" : ", …");
  }
  return {.what = fmt::format("no column '{}'", column), .where = file.string(), .hint = std::move(hint)};
}

}  // namespace

std::optional<Problem> wrong_delimiter(const SourceConfig& source, const std::vector<std::string>& names) {
  const std::string other = other_delimiter(names);
  if (other.empty() || other == fmt::format("\"{}\"", source.delimiter)) return std::nullopt;
  return Problem{.what = "the header is a single column",
                 .where = source.paths.front().string(),
                 .expected = fmt::format("columns parted by \"{}\"", source.delimiter),
                 .got = other + " in its name",
                 .hint = "set the source's delimiter to " + other};
}

std::vector<size_t> places_of_columns(const std::vector<std::string>& columns,
                                      const std::vector<std::string>& names,
                                      const std::filesystem::path& file) {
  std::vector<size_t> places;
  std::vector<Problem> problems;
  for (const std::string& column : columns) {
    const auto found = std::find(names.begin(), names.end(), column);
    if (found == names.end()) {
      problems.push_back(missing(column, names, file));
    } else if (std::find(found + 1, names.end(), column) != names.end()) {
      problems.push_back({.what = fmt::format("column '{}' is there twice", column),
                          .where = file.string(),
                          .hint = "rename one of them"});
    }
    places.push_back(static_cast<size_t>(found - names.begin()));
  }
  if (!problems.empty()) throw ConfigError(std::move(problems));
  return places;
}

}  // namespace esmm::data
