#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "esmm/config/tune_config.h"
#include "esmm/experiment/load_config.h"

namespace esmm::experiment {

// One drawn setting of all ranges.
struct Trial {
  int64_t number = 1;            // from 1
  std::vector<std::string> set;  // "key=value" per range
};

// Trial n depends on tune.seed, n and the ranges alone: more trials leave those before them as they are.
// Numbers are drawn uniformly (log: their logarithm) and cut to four digits.
std::vector<Trial> draw_trials(const TuneConfig& tune);

// Throws ConfigError where there is no range, or naming the one whose key or whose ends the config does not
// take.
void check_ranges(const TuneConfig& tune, const LoadConfig& load);

// The trials' configs, without the experiment's own sections. Throws ConfigError naming the trial.
std::vector<Config> configs_of(const std::vector<Trial>& trials, const LoadConfig& load);

}  // namespace esmm::experiment
