#include "esmm/report/heads.h"

#include <cstdint>
#include <span>
#include <utility>

#include "esmm/metrics/sorted_rows.h"

namespace esmm::report {
namespace {

constexpr size_t kCurvePoints = 400, kHistogramBins = 48;

template <typename Target>
HeadReport report_head(HeadReport head, std::span<const float> predicted, std::span<const Target> target) {
  if (predicted.empty() && !target.empty()) {
    head.curve.average_precision = metrics::undefined("the model does not predict it");
    return head;
  }
  const std::vector<uint32_t> order = metrics::sorted_rows(predicted);
  head.curve = metrics::threshold_curve(order, predicted, target, kCurvePoints);
  std::vector<double> edges = metrics::logit_edges(predicted, kHistogramBins);
  if (!edges.empty()) head.histogram = metrics::score_histogram(predicted, target, std::move(edges));
  return head;
}

// The values of clicked rows.
std::vector<float> clicked(std::span<const float> values, std::span<const float> click) {
  std::vector<float> kept;
  for (size_t i = 0; i < values.size(); ++i) {
    if (click[i] == 1.0F) kept.push_back(values[i]);
  }
  return kept;
}

}  // namespace

std::vector<HeadReport> report_heads(const metrics::Scored& scored, const metrics::Evaluation& evaluation) {
  std::vector<HeadReport> heads;
  heads.push_back(report_head({.name = "CTR",
                               .question = "Will this impression be clicked? Over all impressions.",
                               .colour = 1,
                               .metrics = evaluation.ctr},
                              scored.p_ctr, scored.click));
  const std::vector<float> p_cvr = clicked(scored.p_cvr, scored.click),
                           converted = clicked(scored.conversion, scored.click);
  heads.push_back(
      report_head({.name = "CVR, clicked rows",
                   .question = "Will this click convert? Over clicked impressions, as in the paper.",
                   .colour = 2,
                   .metrics = evaluation.cvr},
                  std::span<const float>(p_cvr), std::span<const float>(converted)));
  std::vector<float> both(scored.click.begin(), scored.click.end());
  for (size_t i = 0; i < both.size(); ++i) both[i] *= scored.conversion[i];
  heads.push_back(
      report_head({.name = "CTCVR",
                   .question = "Will this impression be clicked and then convert? Over all impressions.",
                   .colour = 3,
                   .metrics = evaluation.ctcvr},
                  scored.p_ctcvr, std::span<const float>(both)));
  if (evaluation.cvr_entire_space) {
    heads.push_back(report_head(
        {.name = "CVR, all rows",
         .question =
             "Would this impression convert if it were clicked? Over all impressions, against the true "
             "probabilities: the question that clicked rows alone cannot answer.",
         .colour = 4,
         .metrics = *evaluation.cvr_entire_space},
        scored.p_cvr, scored.true_cvr));
  }
  return heads;
}

}  // namespace esmm::report
