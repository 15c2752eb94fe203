#include "esmm/metrics/curves.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "esmm/core/random.h"
#include "esmm/metrics/auc.h"
#include "esmm/metrics/sorted_rows.h"

namespace esmm::metrics {
namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

template <typename Target>
ThresholdCurve curve_of(const Floats& scores, const std::vector<Target>& target, size_t max_points = 1000) {
  return threshold_curve(sorted_rows(scores), scores, std::span<const Target>(target), max_points);
}

// By trapezoids.
double area_under_roc(const ThresholdCurve& curve) {
  double area = 0;
  for (size_t i = 1; i < curve.points.size(); ++i) {
    const CurvePoint &a = curve.points[i - 1], &b = curve.points[i];
    area += (b.false_positives - a.false_positives) * (a.true_positives + b.true_positives) / 2;
  }
  return area / curve.positives / curve.negatives;
}

TEST_CASE("a curve's points are the counts at each distinct score, from the highest down") {
  const ThresholdCurve curve = curve_of<float>({0.1F, 0.5F, 0.5F, 0.75F}, {0, 1, 0, 1});
  CHECK(curve.positives == 2);
  CHECK(curve.negatives == 2);
  REQUIRE(curve.points.size() == 4);
  CHECK(std::isinf(curve.points[0].threshold));
  CHECK(curve.points[0].true_positives == 0);
  CHECK(curve.points[1].threshold == 0.75);
  CHECK(curve.points[1].true_positives == 1);
  CHECK(curve.points[1].false_positives == 0);
  CHECK(curve.points[2].threshold == 0.5);  // a tie of both classes moves both at once
  CHECK(curve.points[2].true_positives == 2);
  CHECK(curve.points[2].false_positives == 1);
  CHECK(curve.points[3].threshold == Approx(0.1));
  CHECK(curve.points[3].false_positives == 2);
  // Recall rises by 1/2 at precision 1 and by 1/2 at precision 2/3.
  CHECK(*curve.average_precision.number == Approx(5.0 / 6).epsilon(1e-15));
}

TEST_CASE("a row of a probability counts as that much of a positive") {
  const ThresholdCurve curve = curve_of<double>({0.2F, 0.6F}, {0.25, 0.5});
  REQUIRE(curve.points.size() == 3);
  CHECK(curve.points[1].true_positives == 0.5);
  CHECK(curve.points[1].false_positives == 0.5);
  CHECK(curve.points[2].true_positives == 0.75);
  CHECK(curve.points[2].false_positives == 1.25);
  // (1/2 * 1/2 + 1/4 * 3/8) / (3/4)
  CHECK(*curve.average_precision.number == Approx(0.34375 / 0.75).epsilon(1e-15));
}

TEST_CASE("a curve is undefined without rows or with one class, and says why") {
  CHECK(curve_of<float>({}, {}).average_precision.reason == "no rows");
  CHECK(curve_of<float>({0.5F}, {0}).average_precision.reason == "no positives");
  const ThresholdCurve curve = curve_of<float>({0.5F, 0.6F}, {1, 1});
  CHECK(curve.average_precision.reason == "no negatives");
  CHECK(curve.points.empty());
}

TEST_CASE("average precision adds up precision wherever recall rises, ties at once") {
  const Floats scores = {0.03125F, 0.75F, 0.5F,   0.5F,   0.25F, 0.96875F,
                         0.0625F,  0.25F, 0.625F, 0.125F, 0.5F,  0.875F};
  const Floats labels = {0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0};
  CHECK(*curve_of(scores, labels).average_precision.number ==
        Approx((1 + 2.0 / 3 + 3.0 / 4 + 4.0 / 7 + 5.0 / 9) / 5).epsilon(1e-15));
}

TEST_CASE("a thinned curve keeps few points, all on the curve, and its area") {
  Random random(1);
  Floats scores, labels;
  for (int i = 0; i < 20000; ++i) {
    labels.push_back(random.uniform() < 0.03 ? 1.0F : 0.0F);
    scores.push_back(static_cast<float>(random.normal() + static_cast<double>(labels.back())));
  }
  const ThresholdCurve all = curve_of(scores, labels, 1'000'000'000), few = curve_of(scores, labels, 100);
  CHECK(all.points.size() > 19000);
  CHECK(few.points.size() <= 101);
  CHECK(few.points.size() > 90);
  CHECK(few.points.back().true_positives == few.positives);
  CHECK(few.points.back().false_positives == few.negatives);
  CHECK(few.average_precision.number == all.average_precision.number);
  const double exact = *auc(std::span<const float>(scores), std::span<const float>(labels)).value.number;
  CHECK(area_under_roc(all) == Approx(exact).epsilon(1e-12));
  CHECK(area_under_roc(few) == Approx(exact).margin(0.002));
  size_t at = 0;
  for (const CurvePoint& point : few.points) {
    while (at < all.points.size() && all.points[at].threshold != point.threshold) ++at;
    REQUIRE(at < all.points.size());
    CHECK(all.points[at].true_positives == point.true_positives);
    CHECK(all.points[at].false_positives == point.false_positives);
  }
}

}  // namespace
}  // namespace esmm::metrics
