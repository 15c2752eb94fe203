#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "esmm/metrics/calibration.h"
#include "esmm/metrics/gauc.h"
#include "esmm/metrics/logloss.h"
#include "esmm/metrics/sorted_rows.h"

namespace esmm::metrics {
namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

Value logloss_of(const Floats& p, const Floats& labels) {
  return logloss(std::span<const float>(p), std::span<const float>(labels));
}

Value ece_of(const Floats& p, const Floats& labels) {
  return expected_calibration_error(sorted_rows(std::span<const float>(p)), p,
                                    std::span<const float>(labels));
}

Gauc gauc_of(const Floats& scores, const Floats& labels, const std::vector<int64_t>& group) {
  return gauc(sorted_rows(std::span<const float>(scores)), scores, std::span<const float>(labels), group);
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
  CHECK(*pcoc(p, 5).number == Approx(1.0875).epsilon(1e-14));
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
  CHECK(pcoc(Floats{0.1F}, 0).reason == "no positives");
  CHECK(pcoc(Floats{}, 0).reason == "no rows");
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

TEST_CASE("GAUC is undefined where no group has both classes") {
  const Gauc result = gauc_of({0.1F, 0.2F}, {1, 0}, {1, 2});
  CHECK(result.groups == 0);
  CHECK(result.value.reason == "no group has both classes");
  CHECK(gauc_of({}, {}, {}).value.reason == "no rows");
}

}  // namespace
}  // namespace esmm::metrics
