#include "esmm/report/summary_section.h"

#include "esmm/report/checks.h"
#include "esmm/report/page.h"
#include "esmm/report/table.h"
#include "esmm/report/text.h"

namespace esmm::report {
namespace {

Cell auc_cell(const metrics::HeadMetrics& metrics) {
  Cell shown = cell(metrics.auc);
  if (metrics.auc_ci_low.number && metrics.auc_ci_high.number) {
    shown.text += " [" + number_text(*metrics.auc_ci_low.number) + ", " +
                  number_text(*metrics.auc_ci_high.number) + "]";
  } else if (metrics.auc.number) {
    shown.note = "no interval: " + metrics.auc_ci_low.reason;
  }
  return shown;
}

Cell gauc_cell(const metrics::HeadMetrics& metrics) {
  Cell shown = cell(metrics.gauc);
  if (metrics.gauc.number) shown.text += " (" + count_text(static_cast<double>(metrics.gauc_groups)) + ")";
  return shown;
}

Table table_of(const std::vector<HeadReport>& heads) {
  Table table{
      .caption = "Metrics per head",
      .columns = {{"Head", "", false},
                  {"Rows", "that were measured"},
                  {"Positives", "clicks or conversions; over all rows: sum of the true probabilities"},
                  {"AUC [95 %]", "with DeLong's interval"},
                  {"AUC of truth", "that of the true probabilities: no model can beat it but by luck"},
                  {"Log loss", "mean; lower is better"},
                  {"Log loss of truth", "log loss of the true probabilities"},
                  {"NE", "log loss over that of the base rate; below 1 is better than the base rate"},
                  {"PCOC", "mean predicted over mean observed; 1 is calibrated"},
                  {"ECE", "expected calibration error over 20 bins; 0 is calibrated"},
                  {"GAUC (groups)",
                   "mean AUC within groups, weighted by rows, and how many groups have both classes"}}};
  for (const HeadReport& head : heads) {
    const metrics::HeadMetrics& m = head.metrics;
    table.rows.push_back({{head.name, head.question},
                          {count_text(static_cast<double>(m.rows))},
                          {count_text(m.positives)},
                          auc_cell(m),
                          cell(m.auc_of_truth),
                          cell(m.logloss),
                          cell(m.logloss_of_truth),
                          cell(m.normalized_entropy),
                          cell(m.pcoc),
                          cell(m.ece, 3),
                          gauc_cell(m)});
  }
  return table;
}

// What calibration changed; empty where there was none.
std::string calibration_table(const ReportInput& input) {
  if (!input.uncalibrated) return "";
  const metrics::Evaluation& before = *input.uncalibrated;
  std::vector<const metrics::HeadMetrics*> heads = {&before.ctr, &before.cvr, &before.ctcvr};
  if (before.cvr_entire_space) heads.push_back(&*before.cvr_entire_space);
  Table table{.caption = "Calibrated after training on the validation split: before and after",
              .columns = {{"Head", "", false},
                          {"PCOC before"},
                          {"after"},
                          {"ECE before"},
                          {"after"},
                          {"Log loss before"},
                          {"after"},
                          {"AUC before"},
                          {"after"}}};
  for (size_t i = 0; i < input.heads.size() && i < heads.size(); ++i) {
    const metrics::HeadMetrics& after = input.heads[i].metrics;
    table.rows.push_back({{input.heads[i].name},
                          cell(heads[i]->pcoc),
                          cell(after.pcoc),
                          cell(heads[i]->ece, 3),
                          cell(after.ece, 3),
                          cell(heads[i]->logloss),
                          cell(after.logloss),
                          cell(heads[i]->auc),
                          cell(after.auc)});
  }
  return html(table);
}

std::string introduction(const ReportInput& input) {
  const auto count = [](int64_t n) { return count_text(static_cast<double>(n)); };
  const auto counts_of = [&](const std::string& split) {
    const auto found = input.splits.find(split);
    if (found == input.splits.end()) return std::string("unknown counts");
    return count(found->second.impressions) + " impressions, " + count(found->second.clicks) +
           " clicks and " + count(found->second.conversions) + " conversions";
  };
  return "Users see impressions, click some, and convert on some of the clicked. This model (method “" +
         input.config.model.method +
         "”) predicts for each impression pCTR, the probability of a click; pCVR, that of a conversion if it "
         "is clicked; and "
         "pCTCVR = pCTR · pCVR, that of both. It was trained on " +
         counts_of("train") + ", and is measured here on the " + input.split +
         " split: " + counts_of(input.split) + ". Every metric is exact and over all rows at once.";
}

constexpr const char* kGlossary =
    "<details><summary>How to read these numbers</summary><dl>"
    "<dt>AUC</dt><dd>The share of (positive, negative) pairs that the model puts in the right order: 0.5 is "
    "guessing, 1 is perfect. The "
    "bracket holds the true value in 95 of 100 samples.</dd>"
    "<dt>AUC of truth</dt><dd>What the true probabilities themselves reach, where the data was generated and "
    "they are known. Below 1: "
    "a click at 4 % is luck even for who knows the 4 %.</dd>"
    "<dt>CVR, clicked rows</dt><dd>Measured where conversions can be seen, as in the paper. Clicked rows are "
    "no fair sample of all "
    "impressions, on which the model is asked when it serves.</dd>"
    "<dt>CVR, all rows</dt><dd>Against the true probability of every impression: each counts as p of a "
    "positive and 1 − p of a "
    "negative.</dd>"
    "<dt>Log loss, NE</dt><dd>Mean of −ln of the probability that was given to what happened; NE divides it "
    "by that of always saying the "
    "base rate.</dd>"
    "<dt>PCOC, ECE</dt><dd>Whether probabilities mean what they say: on average (PCOC, 1 is right), and "
    "within 20 bins of equally many "
    "rows (ECE, 0 is right).</dd>"
    "<dt>GAUC</dt><dd>AUC within each group (a user, say), weighted by rows: what matters where rows are "
    "ranked within a group.</dd>"
    "</dl></details>";

}  // namespace

std::string summary_section(const ReportInput& input) {
  std::string list;
  for (const Check& check : checks(input))
    list +=
        std::string("<li class=\"") + (check.good ? "good" : "care") + "\">" + escape(check.text) + "</li>";
  return section("summary", "Summary",
                 "<p>" + escape(introduction(input)) + "</p>" + html(table_of(input.heads)) +
                     calibration_table(input) + kGlossary +
                     "<h3>Can it be believed?</h3><ul class=\"checks\">" + list + "</ul>");
}

}  // namespace esmm::report
