#include "esmm/calibration/require_positives.h"

#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/metrics/sum.h"

namespace esmm::calibration {

double require_positives(const Rows& rows) {
  metrics::Sum positives, weights;
  for (size_t i = 0; i < rows.p.size(); ++i) {
    positives.add(rows.positive[i]);
    weights.add(rows.weight[i]);
  }
  if (positives.value() < kFewestPositives) {
    throw Error({.what = "too few positives to calibrate on",
                 .expected = fmt::format("at least {:.0f}", kFewestPositives),
                 .got = fmt::format("{:.0f}", positives.value()),
                 .hint = "give the validation split more impressions, or set calibration.method to none"});
  }
  if (positives.value() >= weights.value()) {
    throw Error({.what = "cannot calibrate on positives alone",
                 .expected = "negatives too",
                 .got = fmt::format("{:.0f} positives in {:.0f} rows", positives.value(), weights.value()),
                 .hint = "set calibration.method to none"});
  }
  return positives.value();
}

}  // namespace esmm::calibration
