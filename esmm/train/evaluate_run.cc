#include <nlohmann/json.hpp>
#include <utility>

#include "esmm/train/calibrate.h"
#include "esmm/train/run_data.h"
#include "esmm/train/threads.h"
#include "esmm/train/trainer.h"

namespace esmm::train {

SplitEvaluation evaluate_run(const Run& run, const data::Dataset& dataset, const data::Split& split,
                             const torch::Device& device) {
  std::string not_held_out = check_data_of(run, dataset);
  SplitEvaluation result = evaluate_run(run, split, device);
  result.not_held_out = std::move(not_held_out);
  return result;
}

SplitEvaluation evaluate_run(const Run& run, const data::Split& split, const torch::Device& device) {
  SplitEvaluation result{.model = run.digest};
  result.scores = model_scores(run, split, device);
  if (!run.calibration.does_nothing()) {
    result.calibration = run.calibration;
    result.uncalibrated = evaluate_scores(result.scores, split);
    result.scores = calibrated(run.calibration, std::move(result.scores));
  }
  result.evaluation = evaluate_scores(result.scores, split);
  return result;
}

Scores model_scores(const Run& run, const data::Split& split, const torch::Device& device) {
  use_threads(run.config.train);
  run.model->to(device);
  return score_split(*run.model, split, kScoringBatch, device);
}

Scores score_run(const Run& run, const data::Split& split, const torch::Device& device) {
  return calibrated(run.calibration, model_scores(run, split, device));
}

std::string to_json(const SplitEvaluation& evaluation) {
  auto json = nlohmann::ordered_json::parse(metrics::to_json(evaluation.evaluation));
  json["model"] = evaluation.model;
  if (!evaluation.not_held_out.empty()) json["not_held_out"] = evaluation.not_held_out;
  if (evaluation.uncalibrated) {
    json["calibration"] = nlohmann::ordered_json::parse(calibration::to_json(evaluation.calibration));
    json["uncalibrated"] = nlohmann::ordered_json::parse(metrics::to_json(*evaluation.uncalibrated));
  }
  return json.dump(2) + '\n';
}

}  // namespace esmm::train
