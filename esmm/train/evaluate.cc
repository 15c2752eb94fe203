#include <torch/types.h>

#include <algorithm>

#include "esmm/core/error.h"
#include "esmm/train/batches/loader.h"
#include "esmm/train/threads.h"
#include "esmm/train/trainer.h"

namespace esmm::train {
namespace {

// Puts a model into eval mode, and back.
class EvalMode {
 public:
  explicit EvalMode(Method& model) : model_(model), was_training_(model.is_training()) { model_.eval(); }
  ~EvalMode() { model_.train(was_training_); }
  EvalMode(const EvalMode&) = delete;
  EvalMode& operator=(const EvalMode&) = delete;

 private:
  Method& model_;
  bool was_training_;
};

void append(const torch::Tensor& values, std::vector<float>& out) {
  const torch::Tensor floats = values.to(torch::kCPU, torch::kFloat).contiguous();
  out.insert(out.end(), floats.const_data_ptr<float>(), floats.const_data_ptr<float>() + floats.numel());
}

}  // namespace

Scores score_split(Method& model, const data::Split& split, int64_t batch_size, const torch::Device& device) {
  const torch::NoGradGuard no_grad;
  const EvalMode eval(model);
  const int64_t batches = (split.size() + batch_size - 1) / batch_size;
  const int64_t threads = loader_threads({}, device);
  Loader loader(split, {.batch_size = batch_size, .last_step = batches, .threads = threads}, device);
  Scores scores;
  for (auto* column : {&scores.p_ctr, &scores.p_cvr, &scores.p_ctcvr})
    column->reserve(static_cast<size_t>(split.size()));
  while (const auto batch = loader.next()) {
    const Probabilities probabilities = model.probabilities(model.forward(*batch));
    append(probabilities.ctr, scores.p_ctr);
    append(probabilities.cvr, scores.p_cvr);
    append(probabilities.ctcvr, scores.p_ctcvr);
  }
  return scores;
}

metrics::Evaluation evaluate_scores(const Scores& scores, const data::Split& split) {
  const std::vector<float> clicks = split.clicks(), conversions = split.conversions();
  const std::vector<int64_t> groups = split.groups();
  const std::vector<double> true_ctr = split.p_ctr(), true_cvr = split.p_cvr();
  return metrics::evaluate({.p_ctr = scores.p_ctr,
                            .p_cvr = scores.p_cvr,
                            .p_ctcvr = scores.p_ctcvr,
                            .click = clicks,
                            .conversion = conversions,
                            .group = groups,
                            .true_ctr = true_ctr,
                            .true_cvr = true_cvr});
}

metrics::Evaluation evaluate_split(Method& model, const data::Split& split, const torch::Device& device) {
  return evaluate_scores(score_split(model, split, kScoringBatch, device), split);
}

}  // namespace esmm::train
