#pragma once

#include <span>

#include "esmm/metrics/evaluation.h"

namespace esmm::metrics {

// Which way a metric is better; neither: it is best at one value (PCOC at 1) or says nothing about the model.
enum class Direction { higher, lower, neither };

struct MetricName {
  const char* name;  // as in evaluation.json
  Value HeadMetrics::*value;
  Direction direction;
};

// The metrics of a head that are one number or a reason, in the order of evaluation.json. The interval is
// apart.
std::span<const MetricName> metric_names();

}  // namespace esmm::metrics
