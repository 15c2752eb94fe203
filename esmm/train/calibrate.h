#pragma once

#include <torch/types.h>

#include "esmm/calibration/calibration.h"
#include "esmm/train/trainer.h"

namespace esmm::train {

// Fits run.config.calibration, which is not none, to the validation split with the run's model, which is
// moved to `device`, and writes calibration.json into the run folder (run.config.train.run). Throws Error,
// and leaves the folder as it is, where there is too little to fit to.
calibration::Calibration calibrate_run(const Run& run, const data::Split& validation,
                                       const torch::Device& device);

// Throws Error where a calibration is asked for and there is no validation split to fit it to.
void require_held_out(const CalibrationConfig& config, bool has_validation);

// Maps pCTR and pCVR; pCTCVR becomes their product.
Scores calibrated(const calibration::Calibration& calibration, Scores scores);

}  // namespace esmm::train
