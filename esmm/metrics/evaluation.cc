#include "esmm/metrics/evaluation.h"

#include <vector>

#include "esmm/metrics/auc.h"
#include "esmm/metrics/calibration.h"
#include "esmm/metrics/checks.h"
#include "esmm/metrics/gauc.h"
#include "esmm/metrics/logloss.h"
#include "esmm/metrics/sorted_rows.h"
#include "esmm/metrics/sum.h"
#include "esmm/metrics/weighted_auc.h"

namespace esmm::metrics {

namespace {

// What one head says over one space. Empty predicted: the model does not say it. truth: true probabilities of
// the same event.
template <typename Target>
struct Head {
  std::string space;
  std::span<const float> predicted;
  std::span<const Target> target;
  std::span<const int64_t> group;
  std::span<const double> truth;
};

// order: sorted_rows(scores).
template <typename Score>
Value auc_of_chances(std::span<const uint32_t> order, std::span<const Score> scores,
                     std::span<const double> chances) {
  return weighted_auc<Score>(order, scores, [&](uint32_t row) { return mass_of(chances[row], 1); });
}

Auc auc_of(std::span<const uint32_t>, std::span<const float> scores, std::span<const float> labels) {
  return auc(scores, labels);
}
// No interval: nothing was drawn, each impression counts with its true probability.
Auc auc_of(std::span<const uint32_t> order, std::span<const float> scores, std::span<const double> truth) {
  const Value none = undefined("labels are true probabilities: nothing was drawn");
  return {auc_of_chances(order, scores, truth), none, none};
}

Value auc_of_truth(std::span<const double> truth, std::span<const float> labels) {
  return auc(truth, labels).value;
}
Value auc_of_truth(std::span<const double> truth, std::span<const double> chances) {
  return auc_of_chances(sorted_rows(truth), truth, chances);
}

template <typename Target>
void describe_predictions(const Head<Target>& head, HeadMetrics& metrics) {
  const std::vector<uint32_t> order = sorted_rows(head.predicted);
  const Auc area = auc_of(order, head.predicted, head.target);
  metrics.auc = area.value;
  metrics.auc_ci_low = area.low;
  metrics.auc_ci_high = area.high;
  metrics.logloss = logloss(head.predicted, head.target);
  metrics.normalized_entropy =
      normalized_entropy(metrics.logloss, metrics.positives, static_cast<double>(metrics.rows));
  metrics.pcoc = pcoc(head.predicted, head.target);
  metrics.reliability = reliability_table(order, head.predicted, head.target);
  metrics.ece = expected_calibration_error(metrics.reliability);
  if (!head.group.empty()) {
    const Gauc groups = gauc(order, head.predicted, head.target, head.group);
    metrics.gauc = groups.value;
    metrics.gauc_groups = groups.groups;
  }
}

template <typename Target>
HeadMetrics describe(const Head<Target>& head) {
  HeadMetrics metrics;
  metrics.space = head.space;
  metrics.rows = static_cast<int64_t>(head.target.size());
  Sum positives;
  for (const Target target : head.target) positives.add(static_cast<double>(target));
  metrics.positives = positives.value();
  metrics.gauc = undefined(head.target.empty() ? "no rows" : "no group column");
  if (head.predicted.empty() && !head.target.empty()) {
    for (Value* value : {&metrics.auc, &metrics.auc_ci_low, &metrics.auc_ci_high, &metrics.gauc,
                         &metrics.logloss, &metrics.normalized_entropy, &metrics.pcoc, &metrics.ece}) {
      *value = undefined("the model does not predict it");
    }
  } else {
    describe_predictions(head, metrics);
  }
  if (!head.truth.empty()) {
    metrics.auc_of_truth = auc_of_truth(head.truth, head.target);
    metrics.logloss_of_truth = logloss(head.truth, head.target);
  }
  return metrics;
}

template <typename T>
std::vector<T> at(const std::vector<uint32_t>& rows, std::span<const T> column) {
  std::vector<T> kept;
  if (column.empty()) return kept;
  kept.reserve(rows.size());
  for (const uint32_t row : rows) kept.push_back(column[row]);
  return kept;
}

template <typename T>
std::vector<T> product(std::span<const T> a, std::span<const T> b) {
  std::vector<T> both;
  if (a.empty() || b.empty()) return both;
  both.reserve(a.size());
  for (size_t i = 0; i < a.size(); ++i) both.push_back(a[i] * b[i]);
  return both;
}

template <typename T>
void check_column(const char* name, std::span<const T> p, size_t rows) {
  if (p.empty()) return;
  check_same_size(rows, p.size());
  check_probabilities(name, p);
}

void check(const Scored& scored) {
  const size_t rows = scored.click.size();
  check_row_count(rows);
  check_same_size(rows, scored.conversion.size());
  check_labels(scored.click);
  check_labels(scored.conversion);
  check_column("p_ctr", scored.p_ctr, rows);
  check_column("p_cvr", scored.p_cvr, rows);
  check_column("p_ctcvr", scored.p_ctcvr, rows);
  check_column("the true CTR", scored.true_ctr, rows);
  check_column("the true CVR", scored.true_cvr, rows);
  if (!scored.group.empty()) check_same_size(rows, scored.group.size());
}

HeadMetrics describe_cvr_of_clicks(const Scored& scored) {
  std::vector<uint32_t> clicked;
  for (size_t i = 0; i < scored.click.size(); ++i) {
    if (scored.click[i] == 1.0F) clicked.push_back(static_cast<uint32_t>(i));
  }
  const auto p_cvr = at(clicked, scored.p_cvr);
  const auto conversion = at(clicked, scored.conversion);
  const auto group = at(clicked, scored.group);
  const auto truth = at(clicked, scored.true_cvr);
  return describe(Head<float>{"clicks", p_cvr, conversion, group, truth});
}

}  // namespace

Evaluation evaluate(const Scored& scored) {
  check(scored);
  Evaluation evaluation;
  evaluation.ctr =
      describe(Head<float>{"impressions", scored.p_ctr, scored.click, scored.group, scored.true_ctr});
  evaluation.cvr = describe_cvr_of_clicks(scored);
  const auto both = product(scored.click, scored.conversion);
  const auto true_ctcvr = product(scored.true_ctr, scored.true_cvr);
  evaluation.ctcvr = describe(Head<float>{"impressions", scored.p_ctcvr, both, scored.group, true_ctcvr});
  if (!scored.true_cvr.empty()) {
    evaluation.cvr_entire_space =
        describe(Head<double>{"impressions", scored.p_cvr, scored.true_cvr, scored.group, scored.true_cvr});
  }
  return evaluation;
}

}  // namespace esmm::metrics
