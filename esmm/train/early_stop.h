#pragma once

#include <cstdint>
#include <optional>

#include "esmm/config/train_config.h"
#include "esmm/metrics/evaluation.h"

namespace esmm::train {

// The best validation so far and how long ago it was. Part of a checkpoint.
struct Best {
  std::optional<double> value;  // of early_stop.metric
  int64_t step = 0;
  int64_t validations_since = 0;
};

// The number of early_stop.metric. Throws Error where it is undefined.
double watched(const EarlyStopConfig& config, const metrics::Evaluation& validation);

// Takes a validation into account; true where it is the best so far (the first of equals). Throws as watched.
bool update_best(Best& best, const EarlyStopConfig& config, const metrics::Evaluation& validation,
                 int64_t step);

// Whether a metric is watched and `patience` validations brought nothing better.
bool out_of_patience(const Best& best, const EarlyStopConfig& config);

}  // namespace esmm::train
