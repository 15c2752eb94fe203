#include "esmm/metrics/evaluation.h"

#include <catch2/catch.hpp>

#include <limits>
#include <vector>

#include "esmm/core/error.h"

namespace esmm::metrics {
namespace {

// Eight impressions of two users; five clicks, two conversions.
struct Log {
  std::vector<float> p_ctr = {0.75F, 0.5F, 0.25F, 0.875F, 0.5F, 0.125F, 0.625F, 0.25F};
  std::vector<float> p_cvr = {0.5F, 0.25F, 0.125F, 0.75F, 0.25F, 0.5F, 0.125F, 0.25F};
  std::vector<float> p_ctcvr = {0.375F, 0.125F, 0.03125F, 0.65625F, 0.125F, 0.0625F, 0.078125F, 0.0625F};
  std::vector<float> click = {1, 1, 0, 1, 0, 0, 1, 1};
  std::vector<float> conversion = {1, 0, 0, 1, 0, 0, 0, 0};
  std::vector<int64_t> group = {1, 1, 1, 1, 2, 2, 2, 2};
  std::vector<double> true_ctr = {0.75, 0.5, 0.25, 0.75, 0.25, 0.25, 0.5, 0.5};
  std::vector<double> true_cvr = {0.5, 0.25, 0.25, 0.5, 0.25, 0.5, 0.25, 0.25};

  Scored scored() const { return {p_ctr, p_cvr, p_ctcvr, click, conversion, group, true_ctr, true_cvr}; }
};

TEST_CASE("Evaluation gives each head its own space") {
  const Log log;
  const Evaluation evaluation = evaluate(log.scored());
  CHECK(evaluation.ctr.space == "impressions");
  CHECK(evaluation.ctr.rows == 8);
  CHECK(evaluation.ctr.positives == 5);
  CHECK(evaluation.cvr.space == "clicks");
  CHECK(evaluation.cvr.rows == 5);
  CHECK(evaluation.cvr.positives == 2);
  CHECK(evaluation.ctcvr.rows == 8);
  CHECK(evaluation.ctcvr.positives == 2);
  REQUIRE(evaluation.cvr_entire_space);
  CHECK(evaluation.cvr_entire_space->space == "impressions");
  CHECK(evaluation.cvr_entire_space->rows == 8);
  CHECK(evaluation.cvr_entire_space->positives == 2.75);
}

TEST_CASE("Evaluation's numbers are those worked out by hand") {
  const Log log;
  const Evaluation evaluation = evaluate(log.scored());
  // Clicks .75 .5 .875 .625 .25 against .25 .5 .125: wins 3 + 2.5 + 3 + 3 + 1.5 of 15.
  CHECK(*evaluation.ctr.auc.number == Approx(13.0 / 15).epsilon(1e-15));
  // User 1: 3 of 3 pairs; user 2: .625 and .25 against .5 and .125: 2 + 1 of 4. Four rows each.
  CHECK(*evaluation.ctr.gauc.number == Approx(0.875).epsilon(1e-15));
  CHECK(evaluation.ctr.gauc_groups == 2);
  CHECK(*evaluation.ctr.pcoc.number == Approx(3.875 / 5).epsilon(1e-15));
  // Truth: .75 .5 .75 .5 .5 against .25 .25 .25.
  CHECK(*evaluation.ctr.auc_of_truth.number == 1.0);
  // Clicked rows: conversions .5 .75 against .25 .125 .25. User 2 has no conversion.
  CHECK(*evaluation.cvr.auc.number == 1.0);
  CHECK(evaluation.cvr.gauc_groups == 1);
  CHECK(*evaluation.cvr.pcoc.number == Approx(1.875 / 2).epsilon(1e-15));
  CHECK(*evaluation.cvr.auc_of_truth.number == 1.0);
  // Eight rows in 20 bins; .25 and .5 tie, so that six bins remain. The table and ECE are of one making.
  REQUIRE(evaluation.ctr.reliability.size() == 6);
  CHECK(evaluation.ctr.reliability[1].rows == 2);
  CHECK(evaluation.ctr.reliability[1].observed == 0.5);
  // |.125 - 0| + 2 |.25 - .5| + 2 |.5 - .5| + |.625 - 1| + |.75 - 1| + |.875 - 1|
  CHECK(*evaluation.ctr.ece.number == Approx(1.375 / 8).epsilon(1e-15));
  // True CTCVR: conversions .375 .375; the rest .125 .0625 .0625 .125 .125 .125.
  CHECK(*evaluation.ctcvr.auc_of_truth.number == 1.0);
  CHECK(*evaluation.ctcvr.pcoc.number == Approx(1.515625 / 2).epsilon(1e-15));
}

TEST_CASE("CVR over the entire space is measured against the true probabilities") {
  const Log log;
  const HeadMetrics head = *evaluate(log.scored()).cvr_entire_space;
  double won = 0, won_by_truth = 0;
  for (size_t i = 0; i < 8; ++i) {
    for (size_t j = 0; j < 8; ++j) {
      const double mass = log.true_cvr[i] * (1 - log.true_cvr[j]);
      won += mass * (log.p_cvr[i] > log.p_cvr[j] ? 1 : log.p_cvr[i] == log.p_cvr[j] ? 0.5 : 0);
      won_by_truth += mass * (log.true_cvr[i] > log.true_cvr[j]    ? 1
                              : log.true_cvr[i] == log.true_cvr[j] ? 0.5
                                                                   : 0);
    }
  }
  CHECK(*head.auc.number == Approx(won / (2.75 * 5.25)).epsilon(1e-14));
  CHECK(*head.auc_of_truth.number == Approx(won_by_truth / (2.75 * 5.25)).epsilon(1e-14));
  CHECK(*head.pcoc.number == Approx(2.75 / 2.75).epsilon(1e-15));
  CHECK(*head.logloss.number > *head.logloss_of_truth.number);
  CHECK_FALSE(head.auc_ci_low.number);
  CHECK(head.auc_ci_low.reason == "labels are true probabilities: nothing was drawn");
}

TEST_CASE("Evaluation without truth, groups or a head says so") {
  const Log log;
  Scored scored = log.scored();
  scored.true_ctr = scored.true_cvr = {};
  scored.group = {};
  scored.p_ctcvr = {};
  const Evaluation evaluation = evaluate(scored);
  CHECK_FALSE(evaluation.cvr_entire_space);
  CHECK(evaluation.ctr.gauc.reason == "no group column");
  CHECK(evaluation.ctcvr.auc.reason == "the model does not predict it");
  CHECK(
      to_json(evaluation).find("\"reliability\": null,\n    \"reliability_reason\": \"the model does not") !=
      std::string::npos);
  CHECK(evaluation.ctcvr.positives == 2);
  CHECK(metric(evaluation, "ctr.auc_of_truth").reason == "the truth is not known");
  CHECK(metric(evaluation, "cvr_entire_space.auc").reason == "the truth is not known");
  CHECK(to_json(evaluation).find("truth") == std::string::npos);
}

TEST_CASE("Evaluation of no rows and of no clicks is undefined, not wrong") {
  const Evaluation empty = evaluate({});
  CHECK(empty.ctr.auc.reason == "no rows");
  CHECK(empty.cvr.logloss.reason == "no rows");

  Log log;
  log.click.assign(8, 0);
  log.conversion.assign(8, 0);
  const Evaluation evaluation = evaluate(log.scored());
  CHECK(evaluation.ctr.auc.reason == "no positives");
  CHECK(evaluation.ctr.pcoc.reason == "no positives");
  CHECK(evaluation.ctr.logloss.number);
  CHECK(to_json(evaluation).find("nan") == std::string::npos);
  CHECK(evaluation.cvr.rows == 0);
  CHECK(evaluation.cvr.auc.reason == "no rows");
  CHECK(evaluation.cvr.gauc.reason == "no rows");
}

TEST_CASE("Evaluation refuses predictions that are no probabilities") {
  Log log;
  log.p_cvr[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(evaluate(log.scored()), Catch::Contains("p_cvr of row 3 is no probability"));
  log.p_cvr[3] = 1.5F;
  CHECK_THROWS_AS(evaluate(log.scored()), Error);
}

TEST_CASE("Metrics are found by name") {
  const Log log;
  const Evaluation evaluation = evaluate(log.scored());
  CHECK(*metric(evaluation, "ctcvr.pcoc").number == *evaluation.ctcvr.pcoc.number);
  CHECK(*metric(evaluation, "cvr_entire_space.auc").number == *evaluation.cvr_entire_space->auc.number);
  CHECK(higher_is_better("ctcvr.auc"));
  CHECK_FALSE(higher_is_better("cvr.logloss"));
  CHECK_THROWS_WITH(metric(evaluation, "ctcvr.aux"),
                    Catch::Contains("ctr.auc") && Catch::Contains("'ctcvr.aux'"));
  CHECK_THROWS_WITH(higher_is_better("ctr.pcoc"), Catch::Contains("no metric to choose by"));
}

TEST_CASE("The JSON text holds every metric, and null with a reason where there is none") {
  Evaluation evaluation;
  evaluation.ctr = {.space = "impressions",
                    .rows = 8,
                    .positives = 5,
                    .auc = defined(0.75),
                    .auc_ci_low = defined(0.5),
                    .auc_ci_high = defined(1),
                    .gauc = undefined("no group column"),
                    .gauc_groups = 0,
                    .logloss = defined(0.25),
                    .normalized_entropy = defined(0.5),
                    .pcoc = defined(1),
                    .ece = defined(0.125),
                    .reliability = {{.rows = 8,
                                     .weight = 8,
                                     .predicted = 0.5,
                                     .observed = 0.625,
                                     .observed_ci_low = defined(0.25),
                                     .observed_ci_high = defined(0.875)}},
                    .auc_of_truth = defined(0.875),
                    .logloss_of_truth = defined(0.125)};
  const std::string text = to_json(evaluation);
  CHECK(text.substr(0, text.find("  \"cvr\"")) == R"({
  "ctr": {
    "space": "impressions",
    "rows": 8,
    "positives": 5,
    "auc": 0.75,
    "auc_ci95": [
      0.5,
      1.0
    ],
    "gauc": null,
    "gauc_reason": "no group column",
    "gauc_groups": 0,
    "logloss": 0.25,
    "normalized_entropy": 0.5,
    "pcoc": 1.0,
    "ece": 0.125,
    "auc_of_truth": 0.875,
    "logloss_of_truth": 0.125,
    "reliability": [
      {
        "rows": 8,
        "predicted": 0.5,
        "observed": 0.625,
        "observed_ci95": [
          0.25,
          0.875
        ]
      }
    ]
  },
)");
  evaluation.cvr_entire_space = HeadMetrics{};
  evaluation.cvr_entire_space->auc_ci_low = undefined("nothing was drawn");
  CHECK(to_json(evaluation).find("\"auc_ci95\": null,\n    \"auc_ci95_reason\": \"nothing was drawn\"") !=
        std::string::npos);
}

}  // namespace
}  // namespace esmm::metrics
