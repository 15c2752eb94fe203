#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "esmm/config/config.h"
#include "esmm/data/dataset.h"
#include "esmm/report/comparison.h"
#include "esmm/report/heads.h"
#include "esmm/report/slices.h"
#include "esmm/report/training_log.h"

namespace esmm::report {

// All that a report shows of a run.
struct ReportInput {
  std::string run;           // the folder's name
  std::string split;         // that was scored
  std::string not_held_out;  // why any split may hold rows that the model learnt from; "": test holds none
  Config config;
  std::map<std::string, data::SplitCounts> splits;  // of the data set
  TrainingLog log;
  std::vector<HeadReport> heads;
  std::optional<metrics::Evaluation> uncalibrated = {};  // where the model was calibrated: without it
  std::vector<FieldSlices> slices;
  std::optional<Comparison> comparison = {};
  std::vector<std::pair<std::string, std::string>> environment;  // what, value
};

// One HTML page that needs nothing else: no script, no resource outside of itself. Also well-formed XML. Its
// size does not depend on the number of rows or steps.
std::string render(const ReportInput& input);

}  // namespace esmm::report
