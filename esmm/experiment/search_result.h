#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "esmm/config/config.h"
#include "esmm/experiment/rungs.h"
#include "esmm/experiment/summary.h"
#include "esmm/experiment/trials.h"

namespace esmm::experiment {

// The metric of a trial's runs after some steps, over seeds.
struct TriedRung {
  int64_t steps = 0;
  Summary score;
  double train_seconds = 0;  // of all seeds up to here
};

struct TriedTrial {
  Trial trial;
  std::vector<TriedRung> rungs;  // as far as it came
};

// What `esmm tune` has found so far.
struct SearchResult {
  std::string config;  // resolved, YAML
  std::string fingerprint;
  TuneConfig tune;
  std::vector<Rung> rungs;
  std::vector<TriedTrial> trials;

  // Places of the trials that were looked at: those that came further first, then by score; a trial whose
  // score is undefined after its equals, equal ones by number.
  std::vector<size_t> ranking() const;
  // The best trial that was trained to its end and has a score.
  std::optional<size_t> best() const;
};

// trials.json:
//   kind      "esmm trials 1"
//   config    the resolved config, YAML text
//   dataset   fingerprint
//   metric    as in ctcvr.auc; better: "higher" | "lower"
//   search    "random" | "halving"
//   seeds     [1, ...]
//   rungs     [{trials, share}]
//   trials    [{number, set: ["key=value", ...],
//               rungs: [{steps, mean, std, values, train_seconds}]}]   null beside "<key>_reason" where
//               undefined
//   best      number of the best trial that was trained to its end, or null
std::string to_json(const SearchResult& result);

// The trials by ranking, as a Markdown table.
std::string trials_table(const SearchResult& result);

}  // namespace esmm::experiment
