#include "esmm/train/early_stop.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"

namespace esmm::train {
namespace {

metrics::Evaluation with_ctr(double auc, double logloss) {
  metrics::Evaluation evaluation;
  evaluation.ctr.auc.number = auc;
  evaluation.ctr.logloss.number = logloss;
  return evaluation;
}

TEST_CASE("the best is the highest AUC, the first of equals, and patience counts validations since") {
  const EarlyStopConfig config{.metric = "ctr.auc", .patience = 2};
  Best best;
  CHECK(update_best(best, config, with_ctr(0.6, 1), 10));
  CHECK(update_best(best, config, with_ctr(0.7, 2), 20));
  CHECK_FALSE(update_best(best, config, with_ctr(0.7, 1), 30));
  CHECK_FALSE(out_of_patience(best, config));
  CHECK_FALSE(update_best(best, config, with_ctr(0.5, 1), 40));
  CHECK(out_of_patience(best, config));
  CHECK(best.value == 0.7);
  CHECK(best.step == 20);
}

TEST_CASE("a better validation starts patience anew") {
  const EarlyStopConfig config{.metric = "ctr.auc", .patience = 2};
  Best best;
  for (const double auc : {0.7, 0.6, 0.8, 0.7}) update_best(best, config, with_ctr(auc, 1), 1);
  CHECK_FALSE(out_of_patience(best, config));
}

TEST_CASE("of the log loss the lowest is the best") {
  const EarlyStopConfig config{.metric = "ctr.logloss", .patience = 1};
  Best best;
  CHECK(update_best(best, config, with_ctr(0.7, 0.5), 10));
  CHECK_FALSE(update_best(best, config, with_ctr(0.8, 0.6), 20));
  CHECK(update_best(best, config, with_ctr(0.6, 0.4), 30));
}

TEST_CASE("without a metric there is no early stop") {
  CHECK_FALSE(out_of_patience({.value = {}, .step = 0, .validations_since = 9}, EarlyStopConfig{}));
}

TEST_CASE("a metric that is undefined on the validation split is an error with its reason") {
  metrics::Evaluation evaluation;
  evaluation.cvr.auc.reason = "no clicks";
  Best best;
  CHECK_THROWS_WITH(update_best(best, {.metric = "cvr.auc"}, evaluation, 1),
                    Catch::Contains("early_stop.metric") && Catch::Contains("no clicks"));
}

}  // namespace
}  // namespace esmm::train
