#include "esmm/train/compare_configs.h"

#include <yaml-cpp/yaml.h>

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "esmm/core/error.h"

namespace esmm::train {
namespace {

using Settings = std::map<std::string, std::string>;

const std::set<std::string> kMayChange = {"train.run",
                                          "train.device",
                                          "train.threads",
                                          "train.epochs",
                                          "train.max_steps",
                                          "train.early_stop.patience",
                                          "train.log_every_steps",
                                          "train.validate_every_steps",
                                          "train.checkpoint_every_steps"};

// Every key path with its value's text.
void flatten(const YAML::Node& node, const std::string& path, Settings& settings) {
  if (!node.IsMap()) {
    if (node.IsDefined() && !kMayChange.contains(path)) settings[path] = YAML::Dump(node);
    return;
  }
  for (const auto& entry : node) flatten(entry.second, path + "." + entry.first.as<std::string>(), settings);
}

Settings settings_of(const std::string& yaml) {
  const YAML::Node config = YAML::Load(yaml);
  Settings settings;
  for (const char* section : {"model", "train"}) flatten(config[section], section, settings);
  return settings;
}

std::string value_or_none(const Settings& settings, const std::string& key) {
  const auto found = settings.find(key);
  return found == settings.end() ? "none" : found->second;
}

}  // namespace

void require_same_run(const std::string& saved, const std::string& now) {
  const Settings before = settings_of(saved), after = settings_of(now);
  std::set<std::string> keys;
  for (const auto* settings : {&before, &after}) {
    for (const auto& [key, value] : *settings) keys.insert(key);
  }
  std::vector<Problem> problems;
  for (const std::string& key : keys) {
    const std::string old_value = value_or_none(before, key), new_value = value_or_none(after, key);
    if (old_value == new_value) continue;
    problems.push_back({.what = "differs from the run that is to be resumed",
                        .where = key,
                        .expected = old_value,
                        .got = new_value,
                        .hint = "set it back, or start another run with --run"});
  }
  if (!problems.empty()) throw ConfigError(std::move(problems));
}

}  // namespace esmm::train
