#include "esmm/metrics/metric_names.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>

#include "esmm/core/error.h"

namespace esmm::metrics {

namespace {

constexpr std::array<const char*, 4> kHeads = {"ctr", "cvr", "ctcvr", "cvr_entire_space"};

constexpr std::array<MetricName, 8> kMetrics = {{
    {"auc", &HeadMetrics::auc, Direction::higher},
    {"gauc", &HeadMetrics::gauc, Direction::higher},
    {"logloss", &HeadMetrics::logloss, Direction::lower},
    {"normalized_entropy", &HeadMetrics::normalized_entropy, Direction::lower},
    {"pcoc", &HeadMetrics::pcoc, Direction::neither},
    {"ece", &HeadMetrics::ece, Direction::lower},
    {"auc_of_truth", &HeadMetrics::auc_of_truth, Direction::neither},
    {"logloss_of_truth", &HeadMetrics::logloss_of_truth, Direction::neither},
}};

struct Found {
  std::string head;
  const MetricName* metric;
};

Found find(const std::string& name) {
  std::string known;
  for (const char* head : kHeads) {
    for (const MetricName& metric : kMetrics) {
      const std::string full = fmt::format("{}.{}", head, metric.name);
      if (full == name) return {head, &metric};
      known += (known.empty() ? "" : ", ") + full;
    }
  }
  throw Error({.what = "unknown metric", .expected = "one of " + known, .got = fmt::format("'{}'", name)});
}

}  // namespace

std::span<const MetricName> metric_names() { return kMetrics; }

Value metric(const Evaluation& evaluation, const std::string& name) {
  const auto [head, metric] = find(name);
  const Value not_known = undefined("the truth is not known");
  if (head == "cvr_entire_space" && !evaluation.cvr_entire_space) return not_known;
  const HeadMetrics& metrics = head == "ctr"     ? evaluation.ctr
                               : head == "cvr"   ? evaluation.cvr
                               : head == "ctcvr" ? evaluation.ctcvr
                                                 : *evaluation.cvr_entire_space;
  const Value& value = metrics.*(metric->value);
  return value.number || !value.reason.empty() ? value : not_known;
}

bool higher_is_better(const std::string& name) {
  const MetricName& metric = *find(name).metric;
  if (metric.direction == Direction::neither) {
    throw Error({.what = "no metric to choose by",
                 .expected = "auc, gauc, logloss, normalized_entropy or ece of a head",
                 .got = fmt::format("'{}'", name)});
  }
  return metric.direction == Direction::higher;
}

}  // namespace esmm::metrics
