#include "esmm/train/compare_configs.h"

#include <yaml-cpp/yaml.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "esmm/config/source_format.h"
#include "esmm/core/error.h"

namespace esmm::train {
namespace {

using Settings = std::map<std::string, std::string>;  // text of each key path's value

const std::set<std::string> kRunMayChange = {"train.run",
                                             "train.device",
                                             "train.cuda_graph",
                                             "train.threads",
                                             "train.loader_threads",
                                             "train.epochs",
                                             "train.max_steps",
                                             "train.early_stop.patience",
                                             "train.log_every_steps",
                                             "train.validate_every_steps",
                                             "train.checkpoint_every_steps"};

const std::set<std::string> kResultMayChange = {"train.run",
                                                "train.device",
                                                "train.cuda_graph",
                                                "train.threads",
                                                "train.loader_threads",
                                                "train.log_every_steps",
                                                "train.checkpoint_every_steps"};

bool run_may_change(const std::string& key) { return kRunMayChange.contains(key); }

bool result_may_change(const std::string& key) { return kResultMayChange.contains(key); }

bool data_may_change(const std::string& key) {
  const bool raw_files =
      key.starts_with("data.sources.") && (key.ends_with(".paths") || key.ends_with(".common"));
  return raw_files || key == "data.path" || key == "data.placement" || key == "data.max_rejected";
}

std::string text_of(YAML::Node value) {
  if (value.IsNull()) return "none";
  if (value.IsScalar()) return value.Scalar().empty() ? "\"\"" : value.Scalar();
  value.SetStyle(YAML::EmitterStyle::Flow);
  return YAML::Dump(value);
}

// What an entry of a list is called: a join by its source, all others by their name.
YAML::Node name_of(const YAML::Node& entry) { return entry["name"] ? entry["name"] : entry["source"]; }

void flatten(const YAML::Node& node, const std::string& path, Settings& settings) {
  if (node.IsMap()) {
    for (const auto& item : node) flatten(item.second, path + "." + item.first.as<std::string>(), settings);
  } else if (node.IsSequence() && node.size() > 0 && node[0].IsMap()) {
    YAML::Node names(YAML::NodeType::Sequence);
    for (const auto& entry : node) {
      names.push_back(name_of(entry));
      flatten(entry, path + "." + name_of(entry).as<std::string>(), settings);
    }
    settings[path] = text_of(names);
  } else {
    settings[path] = text_of(node);
  }
}

Settings settings_of(const Config& config, const std::vector<const char*>& sections) {
  const YAML::Node tree = YAML::Load(dump_config(config));
  Settings settings;
  for (const char* section : sections) flatten(tree[section], section, settings);
  return settings;
}

// With each source's delimiter, where it goes by its files' names.
Config with_delimiters(Config config) {
  for (SourceConfig& source : config.data.sources) {
    if (!source.paths.empty()) source.delimiter = delimiter_of(source, source.paths.front());
  }
  return config;
}

// problem: what and hint of each difference.
void require_same(const Settings& before, const Settings& now, bool (*may_change)(const std::string&),
                  const Problem& problem) {
  std::vector<Problem> problems;
  for (const auto& [key, value] : now) {
    const auto old = before.find(key);
    if (old == before.end()) continue;  // of an entry that is not there: the list's names differ
    if (old->second == value || may_change(key)) continue;
    problems.push_back(
        {.what = problem.what, .where = key, .expected = old->second, .got = value, .hint = problem.hint});
  }
  if (!problems.empty()) throw ConfigError(std::move(problems));
}

}  // namespace

void require_same_run(const Config& saved, const Config& now) {
  const std::vector<const char*> sections{"model", "train", "calibration"};
  require_same(settings_of(saved, sections), settings_of(now, sections), run_may_change,
               {.what = "differs from the run that is to be resumed",
                .hint = "set it back, or start another run with --run"});
}

void require_same_result(const Config& saved, const Config& now) {
  const std::vector<const char*> sections{"model", "train", "calibration"};
  require_same(settings_of(saved, sections), settings_of(now, sections), result_may_change,
               {.what = "differs from the run that is there",
                .hint = "set it back, remove that run, or choose another folder with --out"});
}

void require_same_data(const Config& dataset, const Config& now) {
  require_same(
      settings_of(with_delimiters(dataset), {"data"}), settings_of(with_delimiters(now), {"data"}),
      data_may_change,
      {.what = "differs from what the data set was made with", .hint = "prepare again, or set it back"});
}

}  // namespace esmm::train
