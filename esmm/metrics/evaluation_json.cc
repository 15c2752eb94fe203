#include <nlohmann/json.hpp>

#include "esmm/metrics/evaluation.h"
#include "esmm/metrics/metric_names.h"

namespace esmm::metrics {

namespace {

using Json = nlohmann::ordered_json;

// A value that has neither number nor reason does not apply and is left out.
void put(Json& json, const std::string& name, const Value& value) {
  if (value.number) {
    json[name] = *value.number;
  } else if (!value.reason.empty()) {
    json[name] = nullptr;
    json[name + "_reason"] = value.reason;
  }
}

void put_interval(Json& json, const std::string& name, const Value& low, const Value& high) {
  if (low.number && high.number) {
    json[name] = {*low.number, *high.number};
  } else {
    put(json, name, undefined(low.reason));
  }
}

void put_reliability(Json& json, const HeadMetrics& metrics) {
  if (metrics.reliability.empty()) return put(json, "reliability", undefined(metrics.ece.reason));
  for (const ReliabilityBin& bin : metrics.reliability) {
    Json line = {{"rows", bin.rows}, {"predicted", bin.predicted}, {"observed", bin.observed}};
    put_interval(line, "observed_ci95", bin.observed_ci_low, bin.observed_ci_high);
    json["reliability"].push_back(line);
  }
}

Json head_json(const HeadMetrics& metrics) {
  Json json;
  json["space"] = metrics.space;
  json["rows"] = metrics.rows;
  const auto whole = static_cast<int64_t>(metrics.positives);
  json["positives"] = static_cast<double>(whole) == metrics.positives ? Json(whole) : Json(metrics.positives);
  for (const MetricName& metric : metric_names()) {
    put(json, metric.name, metrics.*(metric.value));
    if (metric.value == &HeadMetrics::auc) {
      put_interval(json, "auc_ci95", metrics.auc_ci_low, metrics.auc_ci_high);
    }
    if (metric.value == &HeadMetrics::gauc) json["gauc_groups"] = metrics.gauc_groups;
  }
  put_reliability(json, metrics);
  return json;
}

}  // namespace

std::string to_json(const Evaluation& evaluation) {
  Json json;
  json["ctr"] = head_json(evaluation.ctr);
  json["cvr"] = head_json(evaluation.cvr);
  json["ctcvr"] = head_json(evaluation.ctcvr);
  if (evaluation.cvr_entire_space) json["cvr_entire_space"] = head_json(*evaluation.cvr_entire_space);
  return json.dump(2) + "\n";
}

}  // namespace esmm::metrics
