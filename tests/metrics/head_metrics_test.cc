#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/metrics/calibration.h"
#include "esmm/metrics/gauc.h"
#include "esmm/metrics/logloss.h"
#include "esmm/metrics/sorted_rows.h"

namespace esmm::metrics {
namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

Value logloss_of(const Floats& p, const Floats& labels, const Doubles& weights = {}) {
  return logloss(std::span<const float>(p), std::span<const float>(labels), weights);
}

std::vector<ReliabilityBin> table_of(const Floats& p, const Floats& labels, const Doubles& weights = {}) {
  return reliability_table(sorted_rows(std::span<const float>(p)), p, std::span<const float>(labels),
                           weights);
}

Value ece_of(const Floats& p, const Floats& labels) {
  return expected_calibration_error(table_of(p, labels));
}

Value pcoc_of(const Floats& p, const Floats& labels, const Doubles& weights = {}) {
  return pcoc(p, std::span<const float>(labels), weights);
}

Gauc gauc_of(const Floats& scores, const Floats& labels, const std::vector<int64_t>& group,
             const Doubles& weights = {}) {
  return gauc(sorted_rows(std::span<const float>(scores)), scores, std::span<const float>(labels), group,
              weights);
}

TEST_CASE("Rows are sorted by score, equal ones in their own order") {
  const Floats scores = {0.5F, -1.0F, 0.5F, -0.0F, 0.0F, 0.5F, -2.0F};
  CHECK(sorted_rows(std::span<const float>(scores)) == std::vector<uint32_t>{6, 1, 3, 4, 0, 2, 5});
  const Doubles many = {3e-310, -1e300, 1e300, 2e-310, -1e-300};
  CHECK(sorted_rows(std::span<const double>(many)) == std::vector<uint32_t>{1, 4, 3, 0, 2});
}

TEST_CASE("Log loss and normalized entropy agree with scikit-learn") {
  const Floats p = {0.03125F, 0.75F, 0.5F,   0.5F,   0.25F, 0.96875F,
                    0.0625F,  0.25F, 0.625F, 0.125F, 0.5F,  0.875F};
  const Floats labels = {0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0};
  const Value loss = logloss_of(p, labels);
  CHECK(*loss.number == Approx(0.5710093774183429).epsilon(1e-14));
  CHECK(*normalized_entropy(loss, 5, 12).number == Approx(0.8407170771705904).epsilon(1e-14));
  CHECK(*pcoc_of(p, labels).number == Approx(1.0875).epsilon(1e-14));
}

TEST_CASE("Log loss takes probabilities as they are, however small") {
  CHECK(*logloss_of({1e-40F}, {1}).number == Approx(-std::log(static_cast<double>(1e-40F))).epsilon(1e-14));
  CHECK(*logloss_of({1e-20F}, {0}).number == Approx(1e-20).epsilon(1e-6));
  CHECK(*logloss_of({0.0F, 1.0F}, {0, 1}).number == 0.0);
}

TEST_CASE("Log loss is undefined where a certain prediction is wrong") {
  CHECK(logloss_of({0.0F, 0.5F}, {1, 0}).reason ==
        "infinite: 1 row is predicted exactly 0 or 1 and the opposite holds");
  CHECK(logloss_of({1.0F, 0.0F}, {0, 1}).reason ==
        "infinite: 2 rows are predicted exactly 0 or 1 and the opposite holds");
  CHECK(logloss_of({}, {}).reason == "no rows");
  CHECK(normalized_entropy(logloss_of({0.0F}, {1}), 1, 1).reason.substr(0, 8) == "infinite");
}

TEST_CASE("Log loss against a probability is the cross entropy") {
  const Floats p = {0.25F};
  const Doubles truth = {0.5};
  CHECK(*logloss(std::span<const float>(p), std::span<const double>(truth)).number ==
        Approx(-0.5 * std::log(0.25) - 0.5 * std::log(0.75)).epsilon(1e-15));
  const Doubles certain = {0.0};
  CHECK_FALSE(logloss(std::span<const double>(certain), std::span<const double>(truth)).number);
  CHECK(*logloss(std::span<const double>(certain), std::span<const double>(certain)).number == 0.0);
}

TEST_CASE("Normalized entropy and PCOC are undefined with one class") {
  CHECK(normalized_entropy(defined(0.3), 0, 4).reason == "no positives");
  CHECK(normalized_entropy(defined(0.3), 4, 4).reason == "no negatives");
  CHECK(pcoc_of({0.1F}, {0}).reason == "no positives");
  CHECK(pcoc_of({}, {}).reason == "no rows");
}

TEST_CASE("Log loss and PCOC count a row of weight 3 as three rows") {
  const Floats p = {0.25F, 0.5F, 0.75F}, labels = {0, 1, 1};
  const Floats p_repeated = {0.25F, 0.25F, 0.25F, 0.75F}, labels_repeated = {0, 0, 0, 1};
  CHECK(*logloss_of(p, labels, {3, 0, 1}).number ==
        Approx(*logloss_of(p_repeated, labels_repeated).number).epsilon(1e-15));
  CHECK(*pcoc_of(p, labels, {3, 0, 1}).number == 1.5);
  CHECK(logloss_of(p, labels, {0, 0, 0}).reason == "all weights are 0");
  CHECK(pcoc_of(p, labels, {1, 0, 0}).reason == "no positives");
  // A wrong certainty of no weight does not count.
  CHECK(*logloss_of({0.0F, 0.5F}, {1, 1}, {0, 1}).number == Approx(std::log(2)).epsilon(1e-15));
}

TEST_CASE("Metrics refuse what is no probability, label or weight") {
  CHECK_THROWS_WITH(logloss_of({0.5F, 1.5F}, {1, 0}),
                    Catch::Contains("prediction of row 1 is no probability"));
  CHECK_THROWS_WITH(logloss_of({0.5F}, {2}), Catch::Contains("label of row 0 is no probability"));
  CHECK_THROWS_WITH(pcoc_of({std::nanf("")}, {1}), Catch::Contains("prediction of row 0 is not a number"));
  CHECK_THROWS_WITH(logloss_of({0.5F}, {1}, {-1}), Catch::Contains("bad mass of row 0"));
  CHECK_THROWS_WITH(pcoc_of({0.5F}, {1}, {std::nan("")}), Catch::Contains("bad mass of row 0"));
  CHECK_THROWS_AS(table_of({0.5F}, {1}, {1, 1}), InternalError);
  CHECK_THROWS_WITH(gauc_of({0.5F, 0.5F}, {1, 0}, {1, 1}, {1, INFINITY}),
                    Catch::Contains("bad mass of row 1"));
}

TEST_CASE("ECE of one constant prediction is its distance from the base rate") {
  CHECK(*ece_of({0.5F, 0.5F, 0.5F, 0.5F}, {1, 0, 0, 0}).number == Approx(0.25).epsilon(1e-15));
  CHECK(*ece_of({0.25F, 0.25F, 0.25F, 0.25F}, {0, 0, 1, 0}).number == 0.0);
  CHECK(ece_of({}, {}).reason == "no rows");
}

TEST_CASE("ECE cuts rows into 20 bins of equal size") {
  // 40 rows, two to a bin, 1 and 0 in each; the two predictions of bin b are (2b + 1) / 80 and (2b + 2) / 80.
  Floats p, labels;
  double expected = 0;
  for (int i = 39; i >= 0; --i) {
    p.push_back(static_cast<float>(i + 1) / 80);
    labels.push_back(static_cast<float>(i % 2));
  }
  for (int bin = 0; bin < 20; ++bin) expected += std::abs((4 * bin + 3) / 160.0 - 0.5) / 20;
  CHECK(*ece_of(p, labels).number == Approx(expected).epsilon(1e-7));
}

TEST_CASE("ECE keeps equal predictions in the bin of their middle, whatever the order of rows") {
  // 40 rows, two to a bin. Rows 5 and 6 tie across the border of bins 2 and 3: both go to bin 3, where row 7
  // is.
  Floats p, labels;
  double expected = 0;
  for (int i = 0; i < 40; ++i) {
    p.push_back(i == 5 || i == 6 ? 5.5F / 64 : static_cast<float>(i) / 64);
    labels.push_back(i == 7 ? 1.0F : 0.0F);
    if (i < 5 || i > 7) expected += i / 64.0;  // row 4 alone in bin 2
  }
  expected += 1 - (5.5 + 5.5 + 7) / 64;  // bin 3
  CHECK(*ece_of(p, labels).number == Approx(expected / 40).epsilon(1e-14));
  const Floats p_reversed(p.rbegin(), p.rend()), labels_reversed(labels.rbegin(), labels.rend());
  CHECK(*ece_of(p_reversed, labels_reversed).number == Approx(expected / 40).epsilon(1e-14));
}

TEST_CASE("The reliability table gives each bin's rows, means and interval") {
  // 40 rows, two to a bin: 1/64 and 3/64, 5/64 and 7/64, …; the last bin holds two positives, the one before
  // one.
  Floats p, labels;
  for (int i = 0; i < 40; ++i) {
    p.push_back(static_cast<float>(2 * i + 1) / 128);
    labels.push_back(i >= 38 || i == 36 ? 1.0F : 0.0F);
  }
  const std::vector<ReliabilityBin> table = table_of(p, labels);
  REQUIRE(table.size() == 20);
  CHECK(table[0].rows == 2);
  CHECK(table[0].weight == 2);
  CHECK(table[0].predicted == 2.0 / 128);
  CHECK(table[0].observed == 0);
  CHECK(table[18].predicted == 74 / 128.0);
  CHECK(table[18].observed == 0.5);
  // Of two rows, with z^2 = 3.841458820694124: from 0 to z^2 / (2 + z^2), and its mirror.
  CHECK(*table[0].observed_ci_low.number == 0);
  CHECK(*table[0].observed_ci_high.number == Approx(3.841458820694124 / 5.841458820694124).epsilon(1e-14));
  CHECK(*table[18].observed_ci_low.number == Approx(0.5 - 0.40546879426576926).epsilon(1e-14));
  CHECK(*table[18].observed_ci_high.number == Approx(0.5 + 0.40546879426576926).epsilon(1e-14));
  CHECK(*table[19].observed_ci_low.number == Approx(2 / 5.841458820694124).epsilon(1e-14));
  CHECK(*table[19].observed_ci_high.number == 1);
}

TEST_CASE("The reliability table leaves out bins that ties emptied, and cuts by weight") {
  const std::vector<ReliabilityBin> tied = table_of({0.25F, 0.25F, 0.25F, 0.75F}, {0, 1, 0, 1});
  REQUIRE(tied.size() == 2);
  CHECK(tied[0].rows == 3);
  CHECK(tied[1].observed == 1);

  // Two bins of weight 4: the row of weight 3 and that of 1, then the other four.
  const Floats p = {0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F, 0.7F}, labels = {1, 0, 0, 0, 1, 1, 0};
  const Doubles weights = {3, 1, 0, 1, 1, 1, 1};
  const std::vector<ReliabilityBin> table = reliability_table(sorted_rows(std::span<const float>(p)), p,
                                                              std::span<const float>(labels), weights, 2);
  REQUIRE(table.size() == 2);
  CHECK(table[0].rows == 2);
  CHECK(table[0].weight == 4);
  CHECK(table[0].predicted == Approx((3 * 0.1 + 0.2) / 4).epsilon(1e-7));
  CHECK(table[0].observed == 0.75);
  CHECK(table[1].rows == 4);
  CHECK(table[1].observed == 0.5);
  // 16 / 10 rows count in the first bin: z^2 / n = 2.4009117629338276.
  const double n = 1.6, z2 = 3.841458820694124;
  const double half = std::sqrt(z2 * 0.75 * 0.25 / n + z2 * z2 / (4 * n * n)) / (1 + z2 / n);
  CHECK(*table[0].observed_ci_low.number ==
        Approx((0.75 + z2 / (2 * n)) / (1 + z2 / n) - half).epsilon(1e-14));
  CHECK(*expected_calibration_error(table).number ==
        Approx((0.75 - 0.125) / 2 + (0.55 - 0.5) / 2).epsilon(1e-6));
  CHECK(table_of(p, labels, Doubles(7, 0)).empty());
}

TEST_CASE("The reliability table has no interval where labels are true probabilities") {
  const Floats p = {0.25F, 0.5F};
  const Doubles truth = {0.5, 0.25};
  const auto table =
      reliability_table(sorted_rows(std::span<const float>(p)), p, std::span<const double>(truth));
  REQUIRE(table.size() == 2);
  CHECK(table[0].observed == 0.5);
  CHECK(table[0].observed_ci_low.reason == "labels are true probabilities: nothing was drawn");
}

TEST_CASE("GAUC weighs groups by their rows and leaves out those of one class") {
  // Group 7: 4 rows, positives 0.9 and 0.2 against 0.5 and 0.1: 3 of 4 pairs.  Group -3: 2 rows, a tie: 1/2.
  // Group 9: positives alone; group 1: a single negative.
  const Floats scores = {0.9F, 0.4F, 0.5F, 0.2F, 0.8F, 0.4F, 0.1F, 0.7F, 0.3F};
  const Floats labels = {1, 1, 0, 1, 1, 0, 0, 1, 0};
  const std::vector<int64_t> group = {7, -3, 7, 7, 9, -3, 7, 9, 1};
  const Gauc result = gauc_of(scores, labels, group);
  CHECK(result.groups == 2);
  CHECK(*result.value.number == Approx((4 * 0.75 + 2 * 0.5) / 6).epsilon(1e-15));
}

TEST_CASE("GAUC weighs rows and groups by their weights") {
  // Group 1: 2 * 4 of (2 + 1) * 4 pairs won, weight 7.  Group 2: lost, weight 3.  Group 3: no weighted
  // negative.
  const Floats scores = {0.9F, 0.1F, 0.5F, 0.2F, 0.3F, 0.8F, 0.6F};
  const Floats labels = {1, 1, 0, 1, 0, 1, 0};
  const Gauc result = gauc_of(scores, labels, {1, 1, 1, 2, 2, 3, 3}, {2, 1, 4, 1, 2, 5, 0});
  CHECK(result.groups == 2);
  CHECK(*result.value.number == Approx(7 * (2.0 / 3) / 10).epsilon(1e-15));
}

TEST_CASE("GAUC is undefined where no group has both classes") {
  const Gauc result = gauc_of({0.1F, 0.2F}, {1, 0}, {1, 2});
  CHECK(result.groups == 0);
  CHECK(result.value.reason == "no group has both classes");
  CHECK(gauc_of({}, {}, {}).value.reason == "no rows");
}

}  // namespace
}  // namespace esmm::metrics
