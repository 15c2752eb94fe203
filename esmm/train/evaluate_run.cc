#include <ATen/Parallel.h>

#include <algorithm>

#include "esmm/core/error.h"
#include "esmm/train/trainer.h"

namespace esmm::train {
namespace {

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

}  // namespace

SplitEvaluation evaluate_run(const Run& run, const data::Dataset& dataset, const data::Split& split,
                             const torch::Device& device) {
  require_same_vocabulary(run, dataset);
  if (run.config.train.threads > 0) at::set_num_threads(static_cast<int>(run.config.train.threads));
  run.model->to(device);
  SplitEvaluation result;
  result.scores = score_split(*run.model, run.schema, split, kScoringBatch, device);
  result.evaluation = evaluate_scores(result.scores, split);
  return result;
}

}  // namespace esmm::train
