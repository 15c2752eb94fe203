#include <fmt/format.h>

#include "esmm/experiment/comparison.h"

namespace esmm::experiment {
namespace {

struct Column {
  const char* metric;
  const char* title;
  int digits;
};
constexpr Column kAuc{"auc", "AUC", 4};
constexpr Column kColumns[] = {kAuc,
                               {"gauc", "GAUC", 4},
                               {"logloss", "log loss", 5},
                               {"normalized_entropy", "NE", 4},
                               {"pcoc", "PCOC", 3},
                               {"ece", "ECE", 5}};

const char* title_of(const std::string& head) {
  if (head == "ctr") return "CTR, all impressions";
  if (head == "cvr") return "CVR, clicked impressions";
  if (head == "ctcvr") return "CTCVR, all impressions, own pCTR";
  if (head == "ctcvr_external") return "CTCVR, all impressions, external pCTR";
  return "CVR, all impressions, against the true pCVR";
}

bool has_head(const Comparison& comparison, const std::string& head) {
  for (const ComparedEntry& entry : comparison.entries) {
    if (!entry.cells.empty()) return entry.cells.begin()->second.heads.contains(head);
  }
  return false;
}

std::string text(const Summary& summary, int digits) {
  if (!summary.mean.number) return "–";
  if (!summary.deviation.number) return fmt::format("{:.{}f}", *summary.mean.number, digits);
  return fmt::format("{:.{}f} ± {:.{}f}", *summary.mean.number, digits, *summary.deviation.number, digits);
}

std::string metric_text(const ComparedEntry& entry, const std::string& head, const Column& column) {
  const auto summary = entry.summary(head, column.metric);
  return summary ? text(*summary, column.digits) : "–";
}

std::string p_text(const Comparison& comparison, const ComparedEntry& entry, const std::string& head,
                   const char* metric) {
  if (!entry.summary(head, metric)) return "–";
  const metrics::Value p = comparison.p_value(entry, head, metric);
  if (!p.number) return "–";
  return *p.number < 0.001 ? "< 0.001" : fmt::format("{:.3f}", *p.number);
}

template <class NumberOf>
std::string cells_text(const ComparedEntry& entry, int digits, NumberOf number_of) {
  std::vector<metrics::Value> values;
  for (const auto& [seed, cell] : entry.cells) values.push_back(metrics::defined(number_of(cell)));
  return text(summarise(std::move(values), entry.seeds()), digits);
}

std::string row(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string table_head(const std::vector<std::string>& titles) {
  std::string line = "|---|";
  for (size_t i = 1; i < titles.size(); ++i) line += "---:|";
  return row(titles) + line + "\n";
}

std::string head_table(const Comparison& comparison, const std::string& head) {
  std::vector<std::string> titles{"entry"};
  for (const Column& column : kColumns) {
    titles.emplace_back(column.title);
    titles.emplace_back("p");
  }
  std::string table = fmt::format("\n## {}\n\n", title_of(head)) + table_head(titles);
  for (const ComparedEntry& entry : comparison.entries) {
    std::vector<std::string> cells{entry.name};
    for (const Column& column : kColumns) {
      cells.push_back(metric_text(entry, head, column));
      cells.push_back(p_text(comparison, entry, head, column.metric));
    }
    table += row(cells);
  }
  return table;
}

std::string settings_of(const Comparison& comparison) {
  std::string lines;
  for (const ComparedEntry& entry : comparison.entries) {
    lines += fmt::format("- `{}`: method `{}`", entry.name, entry.method);
    if (!entry.set.empty()) lines += fmt::format(", `{}`", fmt::join(entry.set, "`, `"));
    lines += '\n';
  }
  return lines;
}

}  // namespace

std::string summary_table(const Comparison& comparison) {
  std::vector<std::string> titles{"entry", "seeds"};
  std::vector<std::string> heads;
  for (const std::string& head : compared_heads()) {
    if (has_head(comparison, head)) heads.push_back(head);
  }
  for (const std::string& head : heads) titles.push_back(head + " AUC");
  for (const char* title : {"parameters", "train s", "samples/s"}) titles.emplace_back(title);
  std::string table = table_head(titles);
  for (const ComparedEntry& entry : comparison.entries) {
    std::vector<std::string> cells{entry.name, std::to_string(entry.cells.size())};
    for (const std::string& head : heads) cells.push_back(metric_text(entry, head, kAuc));
    cells.push_back(entry.cells.empty() ? "–" : std::to_string(entry.cells.begin()->second.parameters));
    cells.push_back(cells_text(entry, 1, [](const CellResult& cell) { return cell.train_seconds; }));
    cells.push_back(cells_text(entry, 0, [](const CellResult& cell) {
      return static_cast<double>(cell.samples) / cell.train_seconds;
    }));
    table += row(cells);
  }
  return table;
}

std::string to_markdown(const Comparison& comparison) {
  std::string page = fmt::format(
      "# Comparison\n\n{} of {} runs are finished. Data set `{}`: {} impressions train, {} test "
      "({} clicks, {} conversions).\nEach value is mean ± sample standard deviation over the seeds. ",
      comparison.finished(), comparison.entries.size() * comparison.seeds.size(), comparison.dataset.string(),
      comparison.train.impressions, comparison.test.impressions, comparison.test.clicks,
      comparison.test.conversions);
  page += comparison.baseline ? fmt::format("p: two-sided paired t-test against `{}` over the same seeds. ",
                                            comparison.entries[*comparison.baseline].name)
                              : "p: not defined, as no entry of method `esmm` is compared. ";
  page += fmt::format("The external pCTR is that of\n`{}` of the same seed.\n\n",
                      comparison.entries[comparison.external].name);
  page += summary_table(comparison) + '\n' + settings_of(comparison);
  for (const std::string& head : compared_heads()) {
    if (has_head(comparison, head)) page += head_table(comparison, head);
  }
  return page;
}

}  // namespace esmm::experiment
