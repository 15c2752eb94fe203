#pragma once

#include <functional>
#include <string>
#include <vector>

#include "esmm/config/config.h"
#include "esmm/core/error.h"

namespace esmm::experiment {

// Loads the experiment's config with overrides "key=value" on top of its own.
using LoadConfig = std::function<Config(const std::vector<std::string>& overrides)>;

// What one of an experiment's runs is trained with: no sections compare and tune. `who` asked for the
// overrides and is named in front of each problem.
Config load_for(const std::string& who, const std::vector<std::string>& overrides, const LoadConfig& load);

// The same problems, each with `prefix` in front of where it is.
ConfigError behind(const std::string& prefix, const ConfigError& error);

}  // namespace esmm::experiment
