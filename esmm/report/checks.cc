#include "esmm/report/checks.h"

#include <cmath>

#include "esmm/report/text.h"

namespace esmm::report {
namespace {

constexpr double kWideInterval = 0.01;   // half the width of an AUC's
constexpr double kMiscalibrated = 0.05;  // |PCOC - 1|

Check rows_check(const ReportInput& input) {
  if (!input.not_held_out.empty())
    return {false, "Perhaps measured on rows that the model was trained on: " + input.not_held_out + "."};
  if (input.split == "train")
    return {false, "Measured on the rows that the model was trained on: expect worse on others."};
  if (input.split == "validation" && !input.config.train.early_stop.metric.empty())
    return {false, "The model that was kept was chosen on these rows (" +
                       input.config.train.early_stop.metric + "): expect slightly worse on others."};
  if (input.split == "validation" && input.uncalibrated)
    return {false, "The model was calibrated on these rows: expect worse calibration on others."};
  return {true, "Measured on rows that the model has neither been trained on nor been chosen by."};
}

void check_head(const HeadReport& head, std::vector<Check>& checks) {
  const metrics::HeadMetrics& m = head.metrics;
  if (!m.auc.number) {
    checks.push_back({false, head.name + ": AUC is undefined, " + m.auc.reason + "."});
    return;
  }
  if (m.auc_ci_low.number && m.auc_ci_high.number) {
    const double half = (*m.auc_ci_high.number - *m.auc_ci_low.number) / 2;
    checks.push_back({half <= kWideInterval, head.name + ": AUC is known to ±" + number_text(half, 2) +
                                                 " from " + count_text(m.positives) +
                                                 " positives; smaller differences mean nothing."});
  }
  if (m.auc_of_truth.number) {
    const double gap = *m.auc_of_truth.number - *m.auc.number;
    checks.push_back(
        {gap <= 0.25 * (*m.auc_of_truth.number - 0.5), head.name + ": AUC lies " + number_text(gap, 3) +
                                                           " below that of the true probabilities, " +
                                                           number_text(*m.auc_of_truth.number) + "."});
  }
  if (m.normalized_entropy.number && *m.normalized_entropy.number >= 1) {
    checks.push_back({false, head.name +
                                 ": log loss is no better than that of always saying the base rate (NE " +
                                 number_text(*m.normalized_entropy.number) + ")."});
  }
  if (m.pcoc.number) {
    const double excess = *m.pcoc.number - 1;
    checks.push_back({std::abs(excess) <= kMiscalibrated,
                      head.name + ": predictions are on average " + percent_text(std::abs(excess), 2) +
                          (excess >= 0 ? " too high" : " too low") + " (PCOC " + number_text(*m.pcoc.number) +
                          ")."});
  }
}

}  // namespace

std::vector<Check> checks(const ReportInput& input) {
  std::vector<Check> checks{rows_check(input)};
  for (const HeadReport& head : input.heads) check_head(head, checks);
  return checks;
}

}  // namespace esmm::report
