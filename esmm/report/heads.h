#pragma once

#include <string>
#include <vector>

#include "esmm/metrics/curves.h"
#include "esmm/metrics/evaluation.h"
#include "esmm/metrics/histogram.h"

namespace esmm::report {

// What one head said over one space, ready to be drawn.
struct HeadReport {
  std::string name = {};      // CTR
  std::string question = {};  // what it predicts, over which rows
  int colour = 1;
  metrics::HeadMetrics metrics = {};
  metrics::ThresholdCurve curve = {};
  metrics::Histogram histogram = {};  // empty: no probability strictly between 0 and 1
};

// CTR, CVR over clicks, CTCVR and, where the truth is known, CVR over all impressions. evaluation: of the
// same scores.
std::vector<HeadReport> report_heads(const metrics::Scored& scored, const metrics::Evaluation& evaluation);

}  // namespace esmm::report
