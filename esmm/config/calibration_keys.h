#pragma once

#include <array>

#include "esmm/config/calibration_config.h"
#include "esmm/config/rule.h"

// The table of section calibration.
namespace esmm::config {

template <>
struct Names<CalibrationMethod> {
  static constexpr std::array all{"none", "platt", "isotonic"};
};
template <>
struct Names<CvrTarget> {
  static constexpr std::array all{"clicks", "ctcvr"};
};

template <class Visitor>
void describe(Keys<CalibrationConfig>, Visitor&& visit) {
  using T = CalibrationConfig;
  visit(
      "method", &T::method, any(),
      "none; platt: two numbers on the log-odds; isotonic: any rising line. Fitted on the validation split");
  visit("cvr", &T::cvr, any(),
        "pCVR is made to agree with conversions of the clicked, or (ctcvr) pCTCVR with those of all "
        "impressions");
}

}  // namespace esmm::config
