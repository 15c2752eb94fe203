#include "esmm/train/files/evaluation_file.h"

#include <nlohmann/json.hpp>

#include "esmm/core/error.h"
#include "esmm/core/file.h"

namespace esmm::train {
namespace {

using Json = nlohmann::json;

// Of an uncalibrated model it has neither key.
bool is_of(const Json& evaluation, const calibration::Calibration& now) {
  if (now.does_nothing()) return !evaluation.contains("uncalibrated");
  return evaluation.value("calibration", Json()) == Json::parse(calibration::to_json(now));
}

}  // namespace

std::string outdated_evaluation(const RunFolder& folder, const std::string& model,
                                const calibration::Calibration& now) {
  if (!std::filesystem::exists(folder.evaluation())) return {};
  const Json evaluation = Json::parse(read_file(folder.evaluation()), nullptr, /*allow_exceptions=*/false);
  if (!evaluation.is_object()) return {};
  if (evaluation.contains("not_held_out")) {
    return Problem{.what =
                       "was measured on another data set than the run was trained on, whose splits may "
                       "hold impressions that the run learnt from",
                   .where = folder.evaluation().string(),
                   .hint = "prepare the run's own again and run esmm evaluate " + folder.path().string()}
        .line();
  }
  if (evaluation.value("model", model) != model) {
    return Problem{.what = "was measured before the run was trained on: it is of another model",
                   .where = folder.evaluation().string(),
                   .hint = "run esmm evaluate " + folder.path().string()}
        .line();
  }
  if (is_of(evaluation, now)) return {};
  return Problem{.what = "was measured with another calibration than the model's, or does not say with which",
                 .where = folder.evaluation().string(),
                 .hint = "run esmm evaluate " + folder.path().string()}
      .line();
}

}  // namespace esmm::train
