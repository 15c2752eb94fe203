#include "esmm/metrics/auc_by_counting.h"

#include <catch2/catch.hpp>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/random.h"

namespace esmm::metrics {
namespace {

using Floats = std::vector<float>;

TEST_CASE("Counting gives the AUC of ties, of both zeros and of both ends of float") {
  CHECK(*auc_by_counting(Floats{0.9F, 0.1F}, Floats{1, 0}).value.number == 1.0);
  CHECK(*auc_by_counting(Floats{0.1F, 0.9F}, Floats{1, 0}).value.number == 0.0);
  CHECK(*auc_by_counting(Floats{0.5F, 0.5F, 0.5F}, Floats{1, 0, 0}).value.number == 0.5);
  CHECK(*auc_by_counting(Floats{-0.0F, 0.0F}, Floats{1, 0}).value.number == 0.5);
  // Neighbours that differ in the lowest bit, below and above a border of the upper half.
  const auto below = std::bit_cast<float>(0x3f00ffffU), above = std::bit_cast<float>(0x3f010000U);
  CHECK(*auc_by_counting(Floats{above, below}, Floats{1, 0}).value.number == 1.0);
  CHECK(*auc_by_counting(Floats{-above, -below}, Floats{1, 0}).value.number == 0.0);
  const float infinity = std::numeric_limits<float>::infinity();
  const float most = std::numeric_limits<float>::max();
  // inf and -most against most and -inf.
  CHECK(*auc_by_counting(Floats{infinity, most, -infinity, -most}, Floats{1, 0, 0, 1}).value.number == 0.75);
}

TEST_CASE("Counting refuses NaN and other labels, and has no AUC of one class") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(auc_by_counting(Floats{0.1F, -nan}, Floats{1, 0}),
                    Catch::Contains("prediction of row 1 is not a number"));
  CHECK_THROWS_WITH(auc_by_counting(Floats{0.1F, 0.2F}, Floats{0.5F, 0}),
                    Catch::Contains("bad label of row 0"));
  CHECK_THROWS_AS(auc_by_counting(Floats{0.1F}, Floats{}), InternalError);
  CHECK(auc_by_counting(Floats{}, Floats{}).value.reason == "no rows");
  CHECK(auc_by_counting(Floats{0.1F, 0.2F}, Floats{0, 0}).value.reason == "no positives");
  CHECK(auc_by_counting(Floats{0.1F, 0.2F}, Floats{1, 1}).high.reason == "no negatives");
}

// Doubles are sorted: another way to the same whole numbers.
TEST_CASE("Counting gives the AUC and interval of the same scores in double, whatever their bits") {
  for (const uint32_t kept : {0xffffffffU, 0xffff0000U, 0x0000ffffU, 0xff80000fU}) {
    Random random(kept, 13);
    Floats scores, labels;
    for (int i = 0; i < 20'000; ++i) {
      const auto score = std::bit_cast<float>(static_cast<uint32_t>(random.next()) & kept);
      if (std::isnan(score)) continue;
      scores.push_back(score);
      labels.push_back(random.uniform() < (score > 0 ? 0.4 : 0.2) ? 1.0F : 0.0F);
    }
    const std::vector<double> same(scores.begin(), scores.end());
    const Auc counted = auc_by_counting(scores, labels);
    const Auc sorted = auc(std::span<const double>(same), std::span<const float>(labels));
    INFO("bits " << kept);
    CHECK(*counted.value.number == *sorted.value.number);
    CHECK(*counted.low.number == *sorted.low.number);
    CHECK(*counted.high.number == *sorted.high.number);
  }
}

TEST_CASE("AUC of many rows is counted, of few sorted, and both are the same") {
  Floats scores, labels;
  Random random(1, 15);
  for (int i = 0; i < 100'000; ++i) {
    labels.push_back(random.uniform() < 0.04 ? 1.0F : 0.0F);
    scores.push_back(static_cast<float>(random.normal()) + labels.back());
  }
  const Auc many = auc(std::span<const float>(scores), std::span<const float>(labels));
  const std::vector<double> same(scores.begin(), scores.end());
  const Auc sorted = auc(std::span<const double>(same), std::span<const float>(labels));
  CHECK(*many.value.number == *sorted.value.number);
  CHECK(*many.low.number == *sorted.low.number);
}

}  // namespace
}  // namespace esmm::metrics
