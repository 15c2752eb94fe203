#include "esmm/config/config.h"

#include "esmm/config/extends.h"
#include "esmm/config/overrides.h"
#include "esmm/config/problems.h"
#include "esmm/config/reader.h"
#include "esmm/config/source_format.h"
#include "esmm/config/validate.h"
#include "esmm/config/yaml_tree.h"
#include "esmm/core/file.h"
#include "esmm/core/nearest.h"

#include <algorithm>

namespace esmm {
namespace {

std::string read_config_file(const std::filesystem::path& file) {
  std::string text;
  try {
    text = read_file(file);
  } catch (const Error& error) {
    throw ConfigError(error.problems());
  }
  if (text.find('\0') == std::string::npos) return text;
  throw ConfigError({.what = "is no config",
                     .where = file.string(),
                     .expected = "a YAML file",
                     .got = "a file of bytes that are no text",
                     .hint = "check the path"});
}

// The tree that the overrides leave. What is wrong with an override is returned.
std::vector<Problem> apply(const std::vector<std::string>& overrides, config::YamlTree& tree) {
  std::vector<Problem> problems;
  config::expand_names(tree);
  for (const std::string& text : overrides) {
    try {
      config::apply_override(tree, text);
    } catch (const ConfigError& error) {
      problems.push_back(error.problems().front());
    }
  }
  config::expand_names(tree);
  return problems;
}

// YAML keeps \t within single quotes, or none, as two characters.
void read_tabs(DataConfig& data) {
  for (SourceConfig& source : data.sources) {
    if (source.delimiter == "\\t") source.delimiter = "\t";
  }
}

// A folder in place of its files. Where its name tells a format, or the source does, whoever reads it says
// so.
void refuse_folders(const std::vector<SourceConfig>& sources, config::Problems& problems) {
  for (size_t i = 0; i < sources.size(); ++i) {
    for (const std::filesystem::path& path : sources[i].paths) {
      if (sources[i].format != SourceFormat::automatic || format_by_name(path)) continue;
      std::error_code unknown;
      if (!std::filesystem::is_directory(path, unknown)) continue;
      problems.add(config::entry_path("data.sources", i) + ".paths",
                   {.what = "is a folder",
                    .got = path.string(),
                    .hint = "name its files, as in " + (path / "*.csv").string()});
    }
  }
}

void require_known(const std::string& path, const std::string& method,
                   const std::vector<std::string>& methods, config::Problems& problems) {
  if (methods.empty() || !problems.clean(path)) return;
  if (std::find(methods.begin(), methods.end(), method) != methods.end()) return;
  problems.add(path, {.what = "unknown method",
                      .expected = config::list_in_words(methods),
                      .got = method,
                      .hint = did_you_mean(method, methods)});
}

}  // namespace

Config load_config(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                   const std::vector<std::string>& methods) {
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  return parse_config(read_config_file(file), file.string(), folder, overrides, methods);
}

Config parse_config(const std::string& text, const std::string& origin, const std::filesystem::path& folder,
                    const std::vector<std::string>& overrides, const std::vector<std::string>& methods) {
  config::YamlTree tree = config::with_base(config::parse_yaml(text, origin), folder);
  const std::vector<Problem> bad_overrides = apply(overrides, tree);
  config::Problems problems(tree);
  for (const Problem& problem : bad_overrides) problems.add_at({.origin = problem.where}, "", problem);
  Config config;
  const std::filesystem::path absolute_folder = std::filesystem::absolute(folder);
  config::Reader(absolute_folder, problems).read(tree, "", config::any(), config);
  read_tabs(config.data);
  refuse_folders(config.data.sources, problems);
  config::validate(config, problems);
  require_known("model.method", config.model.method, methods, problems);
  for (size_t i = 0; i < config.compare.entries.size(); ++i) {
    require_known(config::entry_path("compare.entries", i) + ".method", config.compare.entries[i].method,
                  methods, problems);
  }
  problems.throw_if_any();
  return config;
}

}  // namespace esmm
