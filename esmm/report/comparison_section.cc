#include "esmm/report/comparison_section.h"

#include <algorithm>
#include <array>

#include "esmm/report/interval_plot.h"
#include "esmm/report/page.h"
#include "esmm/report/table.h"
#include "esmm/report/text.h"

namespace esmm::report {
namespace {

constexpr size_t kMostEntries = 60;  // drawn

struct Shown {
  const char* key;
  const char* name;
};
constexpr std::array<Shown, 5> kHeads{{{"ctr", "CTR"},
                                       {"cvr", "CVR, clicked rows"},
                                       {"ctcvr", "CTCVR"},
                                       {"ctcvr_external", "CTCVR with one pCTR for all"},
                                       {"cvr_entire_space", "CVR, all rows"}}};
constexpr std::array<Shown, 3> kMetrics{{{"auc", "AUC"}, {"logloss", "log loss"}, {"pcoc", "PCOC"}}};

const ComparedMetric* find(const ComparedEntry& entry, const std::string& head, const std::string& metric) {
  const auto metrics = entry.heads.find(head);
  if (metrics == entry.heads.end()) return nullptr;
  const auto found = metrics->second.find(metric);
  return found == metrics->second.end() ? nullptr : &found->second;
}

std::string p_value_text(const ComparedMetric& metric) {
  return metric.p_value.number ? "p = " + number_text(*metric.p_value.number, 2) + " against the baseline"
                               : "";
}

Interval interval_of(const ComparedMetric* metric) {
  if (metric == nullptr) return {.note = "not measured"};
  if (!metric->mean.number) return {.note = metric->mean.reason};
  Interval interval{.value = metric->mean.number};
  if (metric->deviation.number) {
    interval.low = *interval.value - *metric->deviation.number;
    interval.high = *interval.value + *metric->deviation.number;
    interval.note = "± " + number_text(*metric->deviation.number, 2) + " over seeds";
  }
  const std::string p_value = p_value_text(*metric);
  if (!p_value.empty()) interval.note += (interval.note.empty() ? "" : "\n") + p_value;
  return interval;
}

IntervalPlot plot_of(const Comparison& comparison, const Shown& head) {
  IntervalPlot plot{
      .title = head.name,
      .description = std::string("AUC, log loss and PCOC of each method for ") + head.name + ".",
      .explanation = "Mean over seeds, the bar is ± one standard deviation" +
                     (comparison.baseline.empty() ? std::string(".")
                                                  : "; the dashed line is " + comparison.baseline + "."),
      .row_title = "method",
      .count_title = "seeds"};
  for (const Shown& metric : kMetrics) {
    plot.panels.push_back(
        {.x = {.label = metric.name}, .colour = static_cast<int>(&metric - kMetrics.data()) + 1});
  }
  for (const ComparedEntry& entry : comparison.entries) {
    if (plot.names.size() == kMostEntries) break;
    plot.names.push_back(entry.name);
    plot.counts.push_back(std::to_string(entry.seeds));
    for (size_t i = 0; i < kMetrics.size(); ++i) {
      const ComparedMetric* metric = find(entry, head.key, kMetrics[i].key);
      plot.panels[i].rows.push_back(interval_of(metric));
      if (metric != nullptr && entry.name == comparison.baseline)
        plot.panels[i].reference = metric->mean.number;
    }
  }
  for (IntervalPanel& panel : plot.panels) fit(panel);
  return plot;
}

Cell auc_cell(const ComparedMetric* metric) {
  if (metric == nullptr) return {"–"};
  Cell shown = cell(metric->mean);
  if (metric->mean.number && metric->deviation.number)
    shown.text += " ± " + number_text(*metric->deviation.number, 2);
  shown.note = p_value_text(*metric);
  return shown;
}

Table table_of(const Comparison& comparison, const std::vector<Shown>& heads) {
  Table table{.caption = "AUC per method, mean ± standard deviation over seeds",
              .columns = {{"Method", "", false}, {"Seeds"}, {"Parameters"}, {"Training, s"}}};
  for (const Shown& head : heads) table.columns.push_back({head.name});
  const auto number = [](const std::optional<double>& value, bool whole) {
    return Cell{value ? (whole ? count_text(*value) : number_text(*value, 3)) : "–"};
  };
  for (const ComparedEntry& entry : comparison.entries) {
    if (table.rows.size() == kMostEntries) break;
    auto& row = table.rows.emplace_back(std::vector<Cell>{{entry.name, "method " + entry.method},
                                                          {std::to_string(entry.seeds)},
                                                          number(entry.parameters, true),
                                                          number(entry.train_seconds, false)});
    for (const Shown& head : heads) row.push_back(auc_cell(find(entry, head.key, "auc")));
  }
  return table;
}

}  // namespace

std::string comparison_section(const Comparison& comparison) {
  std::vector<Shown> heads;
  for (const Shown& head : kHeads) {
    if (std::ranges::any_of(comparison.entries,
                            [&](const ComparedEntry& e) { return e.heads.contains(head.key); }))
      heads.push_back(head);
  }
  std::string lead = "Methods trained over several seeds on " + comparison.dataset + ", measured on " +
                     count_text(comparison.test_rows) + " test impressions; " +
                     count_text(comparison.finished) + " of " + count_text(comparison.wanted) +
                     " trainings are done.";
  if (comparison.entries.size() > kMostEntries)
    lead += " The first " + std::to_string(kMostEntries) + " of " +
            std::to_string(comparison.entries.size()) + " are shown.";
  std::string html = "<p class=\"lead\">" + escape(lead) + "</p>" + report::html(table_of(comparison, heads));
  for (const Shown& head : heads)
    html += figure(plot_of(comparison, head), std::string("compare-") + head.key);
  return section("comparison", "Methods compared", html);
}

}  // namespace esmm::report
