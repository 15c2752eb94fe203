#include "esmm/report/heads.h"

#include <catch2/catch.hpp>

#include "tests/report/scored_columns.h"

namespace esmm::report {
namespace {

TEST_CASE("each head is drawn over its own rows") {
  const test::ScoredColumns columns{.p_ctr = {0.9F, 0.2F, 0.6F, 0.1F},
                                    .p_cvr = {0.5F, 0.25F, 0.75F, 0.5F},
                                    .p_ctcvr = {0.45F, 0.05F, 0.45F, 0.05F},
                                    .click = {1, 0, 1, 0},
                                    .conversion = {0, 0, 1, 0},
                                    .true_ctr = {0.5, 0.5, 0.5, 0.5},
                                    .true_cvr = {0.5, 0.25, 0.25, 0}};
  const metrics::Scored scored = columns.scored();
  const auto heads = report_heads(scored, metrics::evaluate(scored));
  REQUIRE(heads.size() == 4);
  CHECK(heads[0].name == "CTR");
  CHECK(heads[0].curve.positives == 2);
  CHECK(heads[0].curve.average_precision.number == 1.0);
  CHECK(heads[1].name == "CVR, clicked rows");
  CHECK(heads[1].curve.positives == 1);
  CHECK(heads[1].curve.negatives == 1);
  CHECK(heads[1].curve.average_precision.number == 1.0);  // 0.75 converted, 0.5 did not
  CHECK(heads[2].name == "CTCVR");
  CHECK(heads[2].curve.average_precision.number == 0.5);  // tied with a row that did not
  CHECK(heads[3].name == "CVR, all rows");
  CHECK(heads[3].curve.positives == 1.0);
  CHECK(heads[3].curve.negatives == 3.0);
  CHECK(heads[3].metrics.auc.number.has_value());
}

TEST_CASE("a head without rows or predictions says why it has no curve") {
  const test::ScoredColumns columns{
      .p_ctr = {0.5F, 0.6F}, .p_cvr = {0.5F, 0.6F}, .click = {0, 0}, .conversion = {0, 0}};
  const metrics::Scored scored = columns.scored();
  const auto heads = report_heads(scored, metrics::evaluate(scored));
  REQUIRE(heads.size() == 3);
  CHECK(heads[0].curve.average_precision.reason == "no positives");
  CHECK(heads[1].curve.average_precision.reason == "no rows");
  CHECK(heads[1].histogram.edges.empty());
  CHECK(heads[2].curve.average_precision.reason == "the model does not predict it");
}

}  // namespace
}  // namespace esmm::report
