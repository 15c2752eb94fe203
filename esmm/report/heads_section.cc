#include "esmm/report/heads_section.h"

#include <algorithm>
#include <cmath>

#include "esmm/report/line_plot.h"
#include "esmm/report/page.h"
#include "esmm/report/text.h"

namespace esmm::report {
namespace {

Line reference(const std::string& name, std::vector<Point> points) {
  return {.name = name, .colour = 0, .dashed = true, .points = std::move(points)};
}

std::string at_threshold(const metrics::CurvePoint& point) {
  return std::isinf(point.threshold) ? "no row"
                                     : "rows predicted " + percent_text(point.threshold) + " or more";
}

Scale share(const std::string& label, double low = 0, double high = 1) {
  return {.label = label, .low = low, .high = high, .unit = Unit::probability};
}

std::string auc_text(const HeadReport& head) {
  return head.metrics.auc.number ? "AUC " + number_text(*head.metrics.auc.number) : "undefined";
}

LinePlot roc(const HeadReport& head) {
  LinePlot plot{
      .title = "ROC",
      .description = "ROC curve of " + head.name + ", " + auc_text(head) + ".",
      .explanation =
          "Further up and to the left is better; the area under the curve is the AUC, that of the dashed "
          "diagonal (guessing) is 0.5.",
      .x = share("false positive rate"),
      .y = share("true positive rate"),
      .undefined = head.curve.average_precision.reason};
  Line line{.name = head.name + ", " + auc_text(head), .colour = head.colour};
  for (const metrics::CurvePoint& point : head.curve.points) {
    line.points.push_back({.x = point.false_positives / head.curve.negatives,
                           .y = point.true_positives / head.curve.positives,
                           .note = at_threshold(point)});
  }
  plot.lines = {std::move(line), reference("guessing", {{0, 0, ""}, {1, 1, ""}})};
  return plot;
}

LinePlot precision_recall(const HeadReport& head) {
  LinePlot plot{.title = "Precision and recall",
                .description = "Precision over recall of " + head.name + ".",
                .explanation =
                    "Of the rows above a threshold, the share that are positives, over the share of all "
                    "positives found; "
                    "the dashed base rate is what guessing gets.",
                .x = share("recall"),
                .y = share("precision"),
                .undefined = head.curve.average_precision.reason};
  if (!plot.undefined.empty()) return plot;
  const double base_rate = head.curve.positives / (head.curve.positives + head.curve.negatives);
  Line line{.name = "average precision " + number_text(*head.curve.average_precision.number),
            .colour = head.colour};
  double highest = base_rate;
  for (const metrics::CurvePoint& point : head.curve.points) {
    const double called = point.true_positives + point.false_positives;
    if (called == 0) continue;
    line.points.push_back({.x = point.true_positives / head.curve.positives,
                           .y = point.true_positives / called,
                           .note = at_threshold(point)});
    highest = std::max(highest, line.points.back().y);
  }
  plot.y.high = std::min(1.0, highest * 1.08);
  plot.lines = {std::move(line),
                reference("base rate " + percent_text(base_rate), {{0, base_rate, ""}, {1, base_rate, ""}})};
  return plot;
}

LinePlot reliability(const HeadReport& head) {
  LinePlot plot{
      .title = "Reliability",
      .description = "Observed rate over mean prediction in bins of equally many rows, " + head.name + ".",
      .explanation =
          "Each dot is a bin of equally many rows, its bar the 95 % interval of what was observed. On the "
          "diagonal, "
          "predictions mean what they say; above it they are too low.",
      .x = share("mean prediction (log scale)"),
      .y = share("observed rate (log scale)")};
  Line line{.name = head.name, .colour = head.colour, .marked = true, .joined = false};
  double low = 1, high = 0;
  for (const metrics::ReliabilityBin& bin : head.metrics.reliability) {
    line.points.push_back({.x = bin.predicted,
                           .y = bin.observed,
                           .note = count_text(static_cast<double>(bin.rows)) + " rows",
                           .low = bin.observed_ci_low.number.value_or(bin.observed),
                           .high = bin.observed_ci_high.number.value_or(bin.observed)});
    for (const double value : {bin.predicted, bin.observed}) {
      if (value > 0) low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  if (low >= high) {
    plot.undefined = head.metrics.reliability.empty() ? head.metrics.ece.reason : "all rates agree";
    return plot;
  }
  for (Scale* scale : {&plot.x, &plot.y}) {
    scale->spacing = Spacing::log;
    scale->low = low / 1.3;
    scale->high = std::min(1.0, high * 1.3);
  }
  plot.lines = {std::move(line),
                reference("calibrated", {{plot.x.low, plot.x.low, ""}, {plot.x.high, plot.x.high, ""}})};
  return plot;
}

// The outline of one class.
Line outline(const std::string& name, int colour, bool dashed, const std::vector<double>& edges,
             const std::vector<double>& mass) {
  Line line{.name = name, .colour = colour, .dashed = dashed, .filled = true};
  double total = 0;
  for (const double bin : mass) total += bin;
  if (total <= 0) return line;
  for (size_t bin = 0; bin < mass.size(); ++bin) {
    const std::string note = count_text(mass[bin]) + " rows from " + percent_text(edges[bin]) + " to " +
                             percent_text(edges[bin + 1]);
    for (const double edge : {edges[bin], edges[bin + 1]})
      line.points.push_back({.x = edge, .y = mass[bin] / total, .note = note});
  }
  return line;
}

LinePlot histogram(const HeadReport& head) {
  const metrics::Histogram& counts = head.histogram;
  LinePlot plot{
      .title = "Predictions by label",
      .description = "Histograms of the predictions of " + head.name + " for positives and for negatives.",
      .explanation =
          "Share of each class per bin of predictions. The less the two overlap, the better the model tells "
          "them "
          "apart.",
      .x = share("prediction (logit scale)"),
      .y = share("share of the class")};
  if (counts.edges.empty()) {
    plot.undefined = head.metrics.rows == 0 ? "no rows" : "no prediction strictly between 0 and 1";
    return plot;
  }
  plot.x.spacing = Spacing::logit;
  plot.x.low = counts.edges.front();
  plot.x.high = counts.edges.back();
  plot.lines = {outline("negatives", 1, false, counts.edges, counts.negative),
                outline("positives", 2, true, counts.edges, counts.positive)};
  double highest = 0;
  for (const Line& line : plot.lines) {
    for (const Point& point : line.points) highest = std::max(highest, point.y);
  }
  plot.y.high = std::min(1.0, highest * 1.08);
  return plot;
}

}  // namespace

std::string heads_section(const std::vector<HeadReport>& heads) {
  std::string html;
  for (size_t i = 0; i < heads.size(); ++i) {
    const std::string id = "head-" + std::to_string(i) + "-";
    html += "<h3>" + escape(heads[i].name) + "</h3><p class=\"lead\">" + escape(heads[i].question) +
            "</p><div class=\"grid\">" + figure(roc(heads[i]), id + "roc") +
            figure(precision_recall(heads[i]), id + "pr") +
            figure(reliability(heads[i]), id + "reliability") +
            figure(histogram(heads[i]), id + "histogram") + "</div>";
  }
  return section("heads", "What each head predicts", html);
}

}  // namespace esmm::report
