#pragma once

namespace esmm {

enum class CalibrationMethod { none, platt, isotonic };

// What pCVR is made to agree with.
enum class CvrTarget {
  clicks,  // conversions of clicked impressions
  ctcvr,   // conversions of all impressions, through pCTCVR = pCTR * pCVR
};

// Calibration after training, on the validation split.
struct CalibrationConfig {
  CalibrationMethod method = CalibrationMethod::none;
  CvrTarget cvr = CvrTarget::clicks;
};

}  // namespace esmm
