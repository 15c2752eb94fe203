#include "esmm/train/calibrate.h"

#include <algorithm>
#include <utility>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/train/files/run_folder.h"

namespace esmm::train {
namespace {

void apply(const calibration::Map& map, std::vector<float>& probabilities) {
  std::ranges::transform(probabilities, probabilities.begin(),
                         [&](float p) { return static_cast<float>(map(p)); });
}

}  // namespace

void require_held_out(const CalibrationConfig& config, bool has_validation) {
  if (config.method == CalibrationMethod::none || has_validation) return;
  throw Error({.what = "calibration needs a validation split",
               .where = "calibration.method",
               .got = "a data set without one",
               .hint = "give data.split a validation part, then prepare and train again"});
}

calibration::Calibration calibrate_run(const Run& run, const data::Split& validation,
                                       const torch::Device& device) {
  const RunFolder folder(run.config.train.run);
  const Scores scores = model_scores(run, validation, device);
  const std::vector<float> clicks = validation.clicks(), conversions = validation.conversions();
  calibration::Calibration fitted = calibration::fit(
      {.p_ctr = scores.p_ctr, .p_cvr = scores.p_cvr, .click = clicks, .conversion = conversions},
      run.config.calibration);
  write_file(folder.calibration(), calibration::to_json(fitted));
  return fitted;
}

Scores calibrated(const calibration::Calibration& calibration, Scores scores) {
  if (calibration.does_nothing()) return scores;
  apply(calibration.ctr, scores.p_ctr);
  apply(calibration.cvr, scores.p_cvr);
  for (size_t i = 0; i < scores.p_ctcvr.size(); ++i) scores.p_ctcvr[i] = scores.p_ctr[i] * scores.p_cvr[i];
  return scores;
}

}  // namespace esmm::train
