#include "esmm/report/slices_section.h"

#include <algorithm>

#include "esmm/report/interval_plot.h"
#include "esmm/report/page.h"
#include "esmm/report/text.h"

namespace esmm::report {
namespace {

Interval interval_of(const metrics::Auc& auc, const std::string& note) {
  if (!auc.value.number) return {.value = {}, .note = auc.value.reason};
  Interval interval{.value = auc.value.number, .note = note};
  if (!auc.low.number || !auc.high.number) return interval;
  interval.low = *auc.low.number;
  interval.high = *auc.high.number;
  interval.note =
      "95 % interval " + number_text(interval.low) + " to " + number_text(interval.high) + "\n" + note;
  return interval;
}

IntervalPanel panel_of(const FieldSlices& field, metrics::Auc Slice::*auc, const HeadReport& head) {
  IntervalPanel panel{
      .x = {.label = "AUC of " + head.name}, .colour = head.colour, .reference = head.metrics.auc.number};
  for (const Slice& slice : field.slices) {
    panel.rows.push_back(
        interval_of(slice.*auc, count_text(static_cast<double>(slice.rows)) + " impressions, " +
                                    count_text(static_cast<double>(slice.clicks)) + " clicks, " +
                                    count_text(static_cast<double>(slice.conversions)) + " conversions"));
  }
  fit(panel);
  return panel;
}

IntervalPlot plot_of(const FieldSlices& field, const std::vector<HeadReport>& heads) {
  const bool cut = static_cast<size_t>(field.values) > field.slices.size();
  IntervalPlot plot{.title = "Field " + field.field,
                    .description = "AUC of three heads for each value of the field " + field.field + ".",
                    .explanation =
                        "AUC within the rows of one value, with its 95 % interval; the dashed line is the "
                        "AUC over all rows." +
                        (cut ? " The " + std::to_string(field.slices.size()) + " most frequent of " +
                                   std::to_string(field.values) + " values."
                             : std::string()),
                    .row_title = "value",
                    .count_title = "impressions"};
  for (const Slice& slice : field.slices) {
    plot.names.push_back(slice.name);
    plot.counts.push_back(count_text(static_cast<double>(slice.rows)));
  }
  plot.panels = {panel_of(field, &Slice::ctr, heads[0]), panel_of(field, &Slice::cvr, heads[1]),
                 panel_of(field, &Slice::ctcvr, heads[2])};
  return plot;
}

}  // namespace

std::string slices_section(const ReportInput& input) {
  std::string html =
      "<p class=\"lead\">Is the model good everywhere, or only on average? Each field with one value per "
      "impression and 2 to " +
      std::to_string(kMostValues) + " values in this split.</p>";
  if (input.slices.empty()) html += "<p class=\"undefined\">undefined: no field has so few values</p>";
  for (size_t i = 0; i < input.slices.size(); ++i)
    html += figure(plot_of(input.slices[i], input.heads), "slice-" + std::to_string(i));
  return section("slices", "AUC per slice", html);
}

}  // namespace esmm::report
