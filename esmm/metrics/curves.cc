#include "esmm/metrics/curves.h"

#include "esmm/metrics/checks.h"
#include "esmm/metrics/sorted_rows.h"
#include "esmm/metrics/sum.h"

namespace esmm::metrics {
namespace {

template <typename Target>
ThresholdCurve curve(std::span<const uint32_t> order, std::span<const float> scores,
                     std::span<const Target> target, size_t max_points) {
  check_same_size(scores.size(), order.size());
  check_same_size(scores.size(), target.size());
  ThresholdCurve curve;
  Sum positives, negatives;
  for (const Target t : target) {
    positives.add(static_cast<double>(t));
    negatives.add(1 - static_cast<double>(t));
  }
  curve.positives = positives.value();
  curve.negatives = negatives.value();
  curve.average_precision = undefined(order.empty()          ? "no rows"
                                      : curve.positives <= 0 ? "no positives"
                                                             : "no negatives");
  if (curve.positives <= 0 || curve.negatives <= 0) return curve;

  const double spacing = 2.0 / static_cast<double>(max_points);
  curve.points.emplace_back();
  CurvePoint now;
  Sum true_positives, false_positives, average;
  for (size_t end = order.size(); end > 0;) {  // from the highest score down, a run of ties at a time
    const float score = scores[order[end - 1]];
    const double before = now.true_positives;
    for (; end > 0 && scores[order[end - 1]] == score; --end) {
      const auto mass = static_cast<double>(target[order[end - 1]]);
      true_positives.add(mass);
      false_positives.add(1 - mass);
    }
    now = {static_cast<double>(score), true_positives.value(), false_positives.value()};
    average.add((now.true_positives - before) * now.true_positives /
                (now.true_positives + now.false_positives));
    const CurvePoint& kept = curve.points.back();
    const double gone = (now.true_positives - kept.true_positives) / curve.positives +
                        (now.false_positives - kept.false_positives) / curve.negatives;
    if (gone >= spacing || end == 0) curve.points.push_back(now);
  }
  curve.average_precision = defined(average.value() / curve.positives);
  return curve;
}

}  // namespace

ThresholdCurve threshold_curve(std::span<const uint32_t> order, std::span<const float> scores,
                               std::span<const float> target, size_t max_points) {
  return curve(order, scores, target, max_points);
}
ThresholdCurve threshold_curve(std::span<const uint32_t> order, std::span<const float> scores,
                               std::span<const double> target, size_t max_points) {
  return curve(order, scores, target, max_points);
}

}  // namespace esmm::metrics
