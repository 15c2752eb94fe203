#pragma once

#include <string>

#include "esmm/calibration/calibration.h"
#include "esmm/train/files/run_folder.h"

namespace esmm::train {

// Where the folder's evaluation.json measured another model, with another calibration than `now`, or on
// impressions that it may have learnt from, a line that says so and what to do; "" where it did not, or there
// is none. model: Run::digest.
std::string outdated_evaluation(const RunFolder& folder, const std::string& model,
                                const calibration::Calibration& now);

}  // namespace esmm::train
