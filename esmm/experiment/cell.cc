#include "esmm/experiment/cell.h"

#include <utility>

#include "esmm/core/file.h"
#include "esmm/experiment/cell_file.h"
#include "esmm/metrics/metric_names.h"
#include "esmm/train/files/run_folder.h"
#include "esmm/train/plan.h"

namespace esmm::experiment {
namespace {

HeadResult result_of(const metrics::HeadMetrics& head) {
  HeadResult result{.space = head.space, .rows = head.rows, .positives = head.positives, .values = {}};
  for (const metrics::MetricName& metric : metrics::metric_names()) {
    const metrics::Value& value = head.*(metric.value);
    if (value.number || !value.reason.empty()) result.values.emplace(metric.name, value);
  }
  return result;
}

int64_t count_parameters(const Method& model) {
  int64_t count = 0;
  for (const auto& [name, parameter] : model.tower_parameters()) count += parameter.numel();
  for (const SharedEmbedding& table : model.tables()) count += table->table().numel();
  return count;
}

std::vector<float> product(std::span<const float> a, std::span<const float> b) {
  std::vector<float> both(a.size());
  for (size_t i = 0; i < a.size(); ++i) both[i] = a[i] * b[i];
  return both;
}

// With the external pCTR, the row counts and labels are those of ctcvr: only the scores differ.
HeadResult external_ctcvr(const train::Scores& scores, std::span<const float> external_ctr,
                          const data::Split& test) {
  const train::Scores external{.p_ctr = {}, .p_cvr = {}, .p_ctcvr = product(external_ctr, scores.p_cvr)};
  return result_of(train::evaluate_scores(external, test).ctcvr);
}

// What was trained, on the threads that are wanted now.
train::Run run_of(const Config& config) {
  train::Run run = train::load_run(config.train.run);
  run.config.train.threads = config.train.threads;
  return run;
}

// Whether the run has not gone on since its cell was measured. A run without checkpoints does not.
bool is_of_run(const CellResult& cell, const Config& config, const CellData& data) {
  const std::optional<int64_t> step = train::RunFolder(config.train.run).newest_step();
  return !step || train::Plan(config.train, data.training.train.size()).samples_after(*step) == cell.samples;
}

}  // namespace

std::optional<CellResult> finished_cell(const Config& config, const CellData& data) {
  require_agreement(config);
  const std::filesystem::path file = config.train.run / kCellFile;
  if (!std::filesystem::exists(file)) return std::nullopt;
  CellFile cell = read_cell(file);
  train::require_same_dataset(config, cell.dataset, data.fingerprint);
  if (!is_of_run(cell.result, config, data)) return std::nullopt;
  return std::move(cell.result);
}

CellResult run_cell(const Config& config, const CellData& data, std::span<const float> external_ctr,
                    const RunOptions& options) {
  require_agreement(config);
  const train::TrainReport report = run_or_resume(config, data.training, options);
  const train::Run run = run_of(config);
  const train::SplitEvaluation measured =
      train::evaluate_run(run, data.test, train::select_device(config.train.device));
  const metrics::Evaluation& evaluation = measured.evaluation;
  const train::Scores& scores = measured.scores;
  CellResult result{.parameters = count_parameters(*run.model),
                    .samples = report.samples,
                    .train_seconds = report.seconds,
                    .heads = {}};
  result.heads["ctr"] = result_of(evaluation.ctr);
  result.heads["cvr"] = result_of(evaluation.cvr);
  result.heads["ctcvr"] = result_of(evaluation.ctcvr);
  result.heads["ctcvr_external"] = external_ctcvr(
      scores, external_ctr.empty() ? std::span<const float>(scores.p_ctr) : external_ctr, data.test);
  if (evaluation.cvr_entire_space) result.heads["cvr_entire_space"] = result_of(*evaluation.cvr_entire_space);
  write_file(train::RunFolder(config.train.run).evaluation(), train::to_json(measured));
  write_cell(config.train.run / kCellFile, {.dataset = data.fingerprint, .result = result});
  return result;
}

std::vector<float> p_ctr_of(const Config& config, const CellData& data) {
  return train::score_run(run_of(config), data.test, train::select_device(config.train.device)).p_ctr;
}

}  // namespace esmm::experiment
