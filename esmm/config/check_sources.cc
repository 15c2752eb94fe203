#include "esmm/config/config.h"
#include "esmm/core/error.h"
#include "esmm/core/file.h"

namespace esmm {
namespace {

void find_missing(const SourceConfig& source, const std::vector<std::filesystem::path>& patterns,
                  const std::string& key, std::vector<Problem>& problems) {
  for (const auto& pattern : patterns) {
    if (!glob(pattern).empty()) continue;
    const bool open = pattern.string().find_first_of("*?[") != std::string::npos;
    problems.push_back(
        {.what = open ? "no file matches " + pattern.string() : "no such file: " + pattern.string(),
         .where = "data.sources." + source.name + '.' + key,
         .hint = "check the path, or the variable that it comes from"});
  }
}

}  // namespace

void check_sources(const Config& config) {
  std::vector<Problem> problems;
  for (const SourceConfig& source : config.data.sources) {
    find_missing(source, source.paths, "paths", problems);
    find_missing(source, source.common, "common", problems);
  }
  if (!problems.empty()) throw ConfigError(std::move(problems));
}

}  // namespace esmm
