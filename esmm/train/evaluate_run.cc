#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "esmm/core/error.h"
#include "esmm/train/calibrate.h"
#include "esmm/train/threads.h"
#include "esmm/train/trainer.h"

namespace esmm::train {

// A table row means nothing but what the vocabulary of its training says.
void require_same_vocabulary(const Run& run, const data::Dataset& dataset) {
  const data::DatasetInfo& info = dataset.info();
  const bool same_fields = schema_to_json(info.schema) == schema_to_json(run.schema);
  const bool same_keys = same_fields && info.table_rows == run.table_rows &&
                         std::ranges::equal(dataset.vocabulary().keys(), run.vocabulary);
  if (same_keys) return;
  throw Error(
      {.what = same_fields ? "the data set has another vocabulary than the run's"
                           : "the data set has other fields than the run's",
       .where = "data set",
       .hint = "evaluate on the data set that the run was trained on, or score new files with esmm predict"});
}

SplitEvaluation evaluate_run(const Run& run, const data::Dataset& dataset, const data::Split& split,
                             const torch::Device& device) {
  require_same_vocabulary(run, dataset);
  return evaluate_run(run, split, device);
}

SplitEvaluation evaluate_run(const Run& run, const data::Split& split, const torch::Device& device) {
  use_threads(run.config.train);
  run.model->to(device);
  SplitEvaluation result;
  result.scores = score_split(*run.model, split, kScoringBatch, device);
  if (!run.calibration.does_nothing()) {
    result.calibration = run.calibration;
    result.uncalibrated = evaluate_scores(result.scores, split);
    result.scores = calibrated(run.calibration, std::move(result.scores));
  }
  result.evaluation = evaluate_scores(result.scores, split);
  return result;
}

Scores score_run(const Run& run, const data::Split& split, const torch::Device& device) {
  run.model->to(device);
  return calibrated(run.calibration, score_split(*run.model, split, kScoringBatch, device));
}

std::string to_json(const SplitEvaluation& evaluation) {
  const std::string text = metrics::to_json(evaluation.evaluation);
  if (!evaluation.uncalibrated) return text;
  auto json = nlohmann::ordered_json::parse(text);
  json["calibration"] = nlohmann::ordered_json::parse(calibration::to_json(evaluation.calibration));
  json["uncalibrated"] = nlohmann::ordered_json::parse(metrics::to_json(*evaluation.uncalibrated));
  return json.dump(2) + '\n';
}

}  // namespace esmm::train
