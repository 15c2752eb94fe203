#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "esmm/core/error.h"
#include "esmm/core/log.h"
#include "esmm/train/calibrate.h"
#include "esmm/train/compare_configs.h"
#include "esmm/train/threads.h"
#include "esmm/train/trainer.h"

namespace esmm::train {

namespace {

// The data set's splits may have been cut elsewhere than those of the run: then its test split is none.
void warn_of_other_data(const Run& run, const data::Dataset& dataset) {
  const std::filesystem::path folder = run.config.data.path;
  try {
    require_same_data(parse_config(dataset.info().config, "data set", folder), run.config);
  } catch (const ConfigError& difference) {
    log::warn(
        "the data set was prepared in another way than the one that the run was trained on, so any of its "
        "splits may hold impressions that the run learnt from: {}",
        difference.problems().front().line());
  }
}

}  // namespace

// A table row means nothing but what the vocabulary of its training says.
void require_same_vocabulary(const Run& run, const data::Dataset& dataset) {
  const data::DatasetInfo& info = dataset.info();
  const bool same_fields = schema_to_json(info.schema) == schema_to_json(run.schema);
  const bool same_keys = same_fields && info.table_rows == run.table_rows &&
                         std::ranges::equal(dataset.vocabulary().keys(), run.vocabulary);
  if (same_keys) return warn_of_other_data(run, dataset);
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
