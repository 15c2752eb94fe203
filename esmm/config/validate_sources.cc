#include "esmm/config/validate.h"

#include "esmm/config/source_format.h"
#include "esmm/core/nearest.h"

#include <algorithm>

namespace esmm::config {
namespace {

// Whether a file's format can be told from its name; a pattern's end may be open.
bool tells_its_format(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  if (!name.empty() && std::string_view("*?]").find(name.back()) != std::string_view::npos) return true;
  return format_by_name(path).has_value();
}

void validate_format(const SourceConfig& source, const std::string& path, Problems& problems) {
  const bool ali_ccp = source.format == SourceFormat::ali_ccp;
  if (ali_ccp && source.common.empty()) {
    problems.add(path + ".common",
                 {.what = "missing", .hint = "format ali_ccp needs the common-features files"});
  }
  if (!ali_ccp && !source.common.empty()) {
    problems.add(path + ".common", {.what = "only format ali_ccp has common-features files",
                                    .got = "format " + text_of(source.format)});
  }
  if (source.delimiter.size() > 1 || source.delimiter.find_first_of("\"\n\r") != std::string::npos) {
    problems.add(path + ".delimiter", {.what = "not a delimiter",
                                       .expected = "one byte other than a quote or a line end, \\t for a tab",
                                       .got = "\"" + source.delimiter + "\""});
  } else if (!source.delimiter.empty() && source.delimiter != "," &&
             (ali_ccp || source.format == SourceFormat::parquet)) {
    problems.add(path + ".delimiter",
                 {.what = "only csv has a delimiter", .got = "format " + text_of(source.format)});
  }
  for (const auto& file : source.paths) {
    if (source.format != SourceFormat::automatic || tells_its_format(file)) continue;
    problems.add(path + ".format", {.what = "the format cannot be told from the file's name",
                                    .expected = kKnownNames,
                                    .got = file.filename().string(),
                                    .hint = "set format"});
  }
}

void validate_joins(const DataConfig& data, Problems& problems) {
  const std::vector<std::string> sources = names_of(data.sources);
  std::vector<std::string> joined;
  for (size_t i = 0; i < data.joins.size(); ++i) {
    const std::string& name = joined.emplace_back(data.joins[i].source);
    const std::string path = entry_path("data.joins", i) + ".source";
    const auto source = std::find(sources.begin(), sources.end(), name);
    if (name.empty() || !problems.clean("data.sources")) continue;
    if (source == sources.end()) {
      problems.add(path,
                   {.what = "no source is called \"" + name + "\"", .hint = did_you_mean(name, sources)});
    } else if (data.sources[source - sources.begin()].format == SourceFormat::ali_ccp) {
      problems.add(
          path, {.what = "a source of format ali_ccp holds impressions and cannot be joined", .got = name});
    }
  }
  refuse_repeated(joined, "data.joins", "source", problems);
  const bool all_joined = std::all_of(sources.begin(), sources.end(), [&](const std::string& name) {
    return std::find(joined.begin(), joined.end(), name) != joined.end();
  });
  if (all_joined && !sources.empty() && problems.clean("data.sources") && problems.clean("data.joins")) {
    problems.add("data.joins", {.what = "every source is joined, none holds impressions",
                                .hint = "remove the join of the impressions"});
  }
}

void validate_derived(const DataConfig& data, Problems& problems) {
  for (size_t i = 0; i < data.derived.size(); ++i) {
    const DerivedConfig& derived = data.derived[i];
    const std::string path = entry_path("data.derived", i);
    if (!problems.clean(path)) continue;
    if (derived.divide.has_value() == !derived.hour_of.empty()) {
      problems.add(path, {.what = "one operation is needed",
                          .expected = "divide or hour_of",
                          .got = derived.divide ? "both" : "none"});
    }
    if (derived.utc_offset_minutes != 0 && derived.hour_of.empty()) {
      problems.add(path + ".utc_offset_minutes", {.what = "only hour_of has an offset", .hint = "remove it"});
    }
    if (derived.name == derived.column) {
      problems.add(path + ".name", {.what = "\"" + derived.name + "\" is the raw column's own name",
                                    .hint = "give the new column another"});
    }
  }
  refuse_repeated(names_of(data.derived), "data.derived", "name", problems);
}

}  // namespace

void validate_sources(const DataConfig& data, Problems& problems) {
  for (size_t i = 0; i < data.sources.size(); ++i) {
    const std::string path = entry_path("data.sources", i);
    if (problems.clean(path)) validate_format(data.sources[i], path, problems);
  }
  refuse_repeated(names_of(data.sources), "data.sources", "name", problems);
  validate_joins(data, problems);
  validate_derived(data, problems);
}

}  // namespace esmm::config
