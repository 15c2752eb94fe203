#pragma once

#include <filesystem>
#include <vector>

#include "esmm/experiment/run_or_resume.h"
#include "esmm/experiment/search_result.h"

namespace esmm::experiment {

struct TunePlan {
  Config config;  // section tune says what to search
  std::vector<Trial> trials;
  std::vector<Config> configs;  // of the trials, in their order
  std::filesystem::path out;
};

// Searches by what the validation split says; there is no test split here to look at. Each run lies in
// out/trial-<n>/seed-<s>; out/trials.json is written after each trial, out/best.yaml at the end: a config
// that esmm train takes, into run folder out/best. A finished trial is not trained again, an interrupted one
// goes on. A run that diverges leaves its trial without a score. Before anything is trained, throws
// ConfigError where a folder holds a run of another config. Throws Error where no trial has a score at the
// end; Interrupted where options.stop says so.
SearchResult tune(const TunePlan& plan, const train::TrainingData& data, const RunOptions& options);

}  // namespace esmm::experiment
