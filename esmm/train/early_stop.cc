#include "esmm/train/early_stop.h"

#include <fmt/format.h>

#include "esmm/core/error.h"

namespace esmm::train {

double watched(const EarlyStopConfig& config, const metrics::Evaluation& validation) {
  const metrics::Value value = metrics::metric(validation, config.metric);
  if (value.number) return *value.number;
  throw Error({.what = fmt::format("{} is undefined on the validation split", config.metric),
               .where = "train.early_stop.metric",
               .got = value.reason,
               .hint = "watch another metric, or make the validation split larger"});
}

bool update_best(Best& best, const EarlyStopConfig& config, const metrics::Evaluation& validation,
                 int64_t step) {
  const double value = watched(config, validation);
  const bool higher = metrics::higher_is_better(config.metric);
  if (best.value && (higher ? value <= *best.value : value >= *best.value)) {
    ++best.validations_since;
    return false;
  }
  best = {.value = value, .step = step, .validations_since = 0};
  return true;
}

bool out_of_patience(const Best& best, const EarlyStopConfig& config) {
  return !config.metric.empty() && best.validations_since >= config.patience;
}

}  // namespace esmm::train
