#include "esmm/config/validate.h"

#include <algorithm>
#include <map>

namespace esmm::config {
namespace {

// Columns that say the outcome, and the key that makes them one.
std::map<std::string, std::string> outcome_columns(const DataConfig& data) {
  std::map<std::string, std::string> columns{{data.labels.click, "labels.click"},
                                             {data.labels.conversion, "labels.conversion"},
                                             {data.truth.p_ctr, "truth.p_ctr"},
                                             {data.truth.p_cvr, "truth.p_cvr"},
                                             {data.labels.click_weight, "labels.click_weight"},
                                             {data.labels.conversion_weight, "labels.conversion_weight"}};
  columns.erase("");
  // A column derived from an outcome says it as well; at most as many rounds as there are links of a chain.
  for (size_t round = 0; round < data.derived.size(); ++round) {
    for (const DerivedConfig& derived : data.derived) {
      const auto found = columns.find(derived.column);
      if (found != columns.end() && !derived.name.empty()) columns.try_emplace(derived.name, found->second);
    }
  }
  return columns;
}

void refuse_leak(const std::map<std::string, std::string>& outcomes, const std::string& column,
                 const std::string& path, Problems& problems) {
  const auto found = outcomes.find(column);
  if (found == outcomes.end()) return;
  problems.add(path,
               {.what = "column \"" + column + "\" tells the outcome (" + found->second + ")",
                .hint = "what is known only after the impression cannot be an input; remove the field"});
}

// The columns of format ali_ccp are fixed, all others are feature ids.
void check_ali_ccp(const DataConfig& data, const std::string& column, const std::string& key,
                   Problems& problems) {
  const std::vector<std::string> fixed{"click", "conversion", "sample_id", "common_index"};
  const std::vector<std::string> derived = names_of(data.derived);
  const bool all_ali_ccp = std::all_of(data.sources.begin(), data.sources.end(), [](const auto& source) {
    return source.format == SourceFormat::ali_ccp;
  });
  const auto among = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), column) != names.end();
  };
  if (!all_ali_ccp || data.sources.empty() || !problems.clean("data.sources") || column.empty() ||
      among(fixed) || among(derived))
    return;
  problems.add(
      "data.labels." + key,
      {.what = "format ali_ccp has no such column", .expected = "click or conversion", .got = column});
}

}  // namespace

void validate_labels(const DataConfig& data, Problems& problems) {
  const LabelsConfig& labels = data.labels;
  const TruthConfig& truth = data.truth;
  if (!labels.click.empty() && labels.click == labels.conversion) {
    problems.add("data.labels.conversion", {.what = "the same column as click", .got = labels.click});
  }
  check_ali_ccp(data, labels.click, "click", problems);
  check_ali_ccp(data, labels.conversion, "conversion", problems);
  if (problems.clean("data.truth") && truth.p_ctr.empty() != truth.p_cvr.empty()) {
    problems.add(truth.p_ctr.empty() ? "data.truth.p_ctr" : "data.truth.p_cvr",
                 {.what = "missing", .hint = "the truth needs both columns, or none"});
  } else if (!truth.p_ctr.empty() && truth.p_ctr == truth.p_cvr) {
    problems.add("data.truth.p_cvr", {.what = "the same column as p_ctr", .got = truth.p_cvr});
  }
  const auto outcomes = outcome_columns(data);
  for (size_t i = 0; i < data.fields.size(); ++i) {
    const Field& field = data.fields[i];
    const std::string path = entry_path("data.fields", i);
    if (!problems.clean(path)) continue;
    if (field.is_input())
      refuse_leak(outcomes, field.raw_column(), path + (field.column.empty() ? ".name" : ".column"),
                  problems);
    refuse_leak(outcomes, field.weights, path + ".weights", problems);
  }
}

}  // namespace esmm::config
