#include "esmm/experiment/load_config.h"

#include <utility>

namespace esmm::experiment {

Config load_for(const std::string& who, const std::vector<std::string>& overrides, const LoadConfig& load) {
  try {
    Config config = load(overrides);
    config.compare = {};
    config.tune = {};
    return config;
  } catch (const ConfigError& error) {
    throw behind(who, error);
  }
}

ConfigError behind(const std::string& prefix, const ConfigError& error) {
  std::vector<Problem> problems = error.problems();
  for (Problem& problem : problems) problem.where = prefix + ": " + problem.where;
  return ConfigError(std::move(problems));
}

}  // namespace esmm::experiment
