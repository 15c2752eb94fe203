#include "esmm/report/checks.h"

#include <catch2/catch.hpp>

namespace esmm::report {
namespace {

struct Numbers {
  double positives, auc, half_width, auc_of_truth, normalized_entropy, pcoc;
};

HeadReport head(const std::string& name, const Numbers& numbers) {
  HeadReport head;
  head.name = name;
  metrics::HeadMetrics& m = head.metrics;
  m.positives = numbers.positives;
  m.auc = metrics::defined(numbers.auc);
  m.auc_ci_low = metrics::defined(numbers.auc - numbers.half_width);
  m.auc_ci_high = metrics::defined(numbers.auc + numbers.half_width);
  m.auc_of_truth = metrics::defined(numbers.auc_of_truth);
  m.normalized_entropy = metrics::defined(numbers.normalized_entropy);
  m.pcoc = metrics::defined(numbers.pcoc);
  return head;
}

TEST_CASE("narrow intervals, calibration and fresh rows speak for a model") {
  ReportInput input;
  input.split = "test";
  input.heads = {head("CTR", {5000, 0.75, 0.005, 0.76, 0.9, 1.02})};
  const auto found = checks(input);
  REQUIRE(found.size() == 4);
  for (const Check& check : found) {
    INFO(check.text);
    CHECK(check.good);
  }
  CHECK(found[1].text ==
        "CTR: AUC is known to ±0.005 from 5,000 positives; smaller differences mean nothing.");
  CHECK(found[3].text == "CTR: predictions are on average 2 % too high (PCOC 1.02).");
}

TEST_CASE("rows that may have been learnt from are to be minded") {
  ReportInput input;
  input.split = GENERATE("test", "validation", "train");
  input.config.train.early_stop.metric = "ctcvr.auc";
  input.not_held_out = "the data set holds other impressions";
  const auto found = checks(input);
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].good);
  CHECK(found[0].text ==
        "Perhaps measured on rows that the model was trained on: the data set holds other impressions.");
}

TEST_CASE("few positives, bad calibration, a bad log loss and a far truth are to be minded") {
  ReportInput input;
  input.split = "test";
  input.heads = {head("CVR", {40, 0.6, 0.1, 0.8, 1.1, 0.7})};
  const auto found = checks(input);
  REQUIRE(found.size() == 5);
  for (size_t i = 1; i < found.size(); ++i) {
    INFO(found[i].text);
    CHECK_FALSE(found[i].good);
  }
}

TEST_CASE("rows that the model was trained on or chosen by are named as such") {
  ReportInput input;
  input.split = "train";
  CHECK_FALSE(checks(input).at(0).good);
  input.split = "validation";
  CHECK(checks(input).at(0).good);
  input.uncalibrated.emplace();
  CHECK_FALSE(checks(input).at(0).good);
  input.uncalibrated.reset();
  input.config.train.early_stop.metric = "ctcvr.auc";
  CHECK_FALSE(checks(input).at(0).good);
}

TEST_CASE("an undefined AUC is named with its reason") {
  ReportInput input;
  input.heads = {head("CVR", {})};
  input.heads[0].metrics.auc = metrics::undefined("no positives");
  CHECK(checks(input).at(1).text == "CVR: AUC is undefined, no positives.");
}

}  // namespace
}  // namespace esmm::report
