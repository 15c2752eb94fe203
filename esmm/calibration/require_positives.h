#pragma once

#include "esmm/calibration/fit.h"

namespace esmm::calibration {

// The sum of positives. Throws Error where it is below kFewestPositives, or where there are no negatives.
double require_positives(const Rows& rows);

}  // namespace esmm::calibration
