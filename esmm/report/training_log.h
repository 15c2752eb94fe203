#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/report/line_plot.h"

namespace esmm::report {

// metrics.jsonl as curves over steps. Nulls and values that are no numbers are left out.
struct TrainingLog {
  std::map<std::string, std::vector<Point>> train, validation;  // by name, as in "loss_ctr", "ctcvr.auc"
  int64_t steps = 0, epochs = 0, samples = 0;                   // reached
  double seconds = 0;
};

// Throws Error naming the line that is no JSON object with a step; a torn last line (of a run that was
// killed) is left out.
TrainingLog parse_training_log(std::string_view jsonl);

}  // namespace esmm::report
