#pragma once

#include <span>
#include <string>

#include "esmm/calibration/map.h"
#include "esmm/config/calibration_config.h"

namespace esmm::calibration {

// The maps of a model's two probabilities; pCTCVR stays their product.
struct Calibration {
  Map ctr, cvr;

  bool does_nothing() const { return ctr.kind == Map::Kind::none && cvr.kind == Map::Kind::none; }
};

// A model's predictions for impressions that it was not trained on, and what came of them (0 or 1). n each.
struct HeldOut {
  std::span<const float> p_ctr, p_cvr;
  std::span<const float> click, conversion;
};

// pCTR is fitted to clicks; pCVR to conversions as config.cvr says, for ctcvr with the calibrated pCTR.
// Throws Error, naming the head, where there is too little to fit to (fit.h).
Calibration fit(const HeldOut& held_out, const CalibrationConfig& config);

// "none", or how both were fitted, as in "isotonic"; "none, platt" where pCTR and pCVR differ.
std::string name_of(const Calibration& calibration);

// A JSON text and back. from_json throws Error naming `where` for a damaged one.
std::string to_json(const Calibration& calibration);
Calibration from_json(const std::string& text, const std::string& where);

}  // namespace esmm::calibration
