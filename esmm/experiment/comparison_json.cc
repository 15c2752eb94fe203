#include <nlohmann/json.hpp>

#include "esmm/experiment/comparison.h"
#include "esmm/metrics/metric_names.h"

namespace esmm::experiment {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& json, const std::string& key, const metrics::Value& value) {
  json[key] = value.number ? Json(*value.number) : Json(nullptr);
  if (!value.number) json[key + "_reason"] = value.reason;
}

Json counts_json(const data::SplitCounts& counts) {
  return {
      {"impressions", counts.impressions}, {"clicks", counts.clicks}, {"conversions", counts.conversions}};
}

Json summary_json(const Summary& summary) {
  Json json;
  put(json, "mean", summary.mean);
  put(json, "std", summary.deviation);
  json["values"] = Json::array();
  for (const metrics::Value& value : summary.values)
    json["values"].push_back(value.number ? Json(*value.number) : Json(nullptr));
  return json;
}

// Of a number that every cell has.
template <class NumberOf>
Json cells_json(const ComparedEntry& entry, NumberOf number_of) {
  std::vector<metrics::Value> values;
  for (const auto& [seed, cell] : entry.cells) values.push_back(metrics::defined(number_of(cell)));
  return summary_json(summarise(std::move(values), entry.seeds()));
}

Json head_json(const Comparison& comparison, const ComparedEntry& entry, const std::string& name) {
  const HeadResult& head = entry.cells.begin()->second.heads.at(name);  // counts are those of the test split
  Json all = Json::object();
  for (const metrics::MetricName& metric : metrics::metric_names()) {
    const auto summary = entry.summary(name, metric.name);
    if (!summary) continue;
    Json json = summary_json(*summary);
    put(json, "p_value", comparison.p_value(entry, name, metric.name));
    all[metric.name] = std::move(json);
  }
  return {
      {"space", head.space}, {"rows", head.rows}, {"positives", head.positives}, {"metrics", std::move(all)}};
}

Json entry_json(const Comparison& comparison, const ComparedEntry& entry) {
  Json json{{"name", entry.name}, {"method", entry.method}, {"set", entry.set}, {"seeds", entry.seeds()}};
  json["parameters"] = entry.cells.empty() ? Json(nullptr) : Json(entry.cells.begin()->second.parameters);
  json["train_seconds"] = cells_json(entry, [](const CellResult& cell) { return cell.train_seconds; });
  json["samples_per_second"] = cells_json(
      entry, [](const CellResult& cell) { return static_cast<double>(cell.samples) / cell.train_seconds; });
  json["heads"] = Json::object();
  if (entry.cells.empty()) return json;
  for (const std::string& head : compared_heads()) {
    if (entry.cells.begin()->second.heads.contains(head))
      json["heads"][head] = head_json(comparison, entry, head);
  }
  return json;
}

}  // namespace

std::string to_json(const Comparison& comparison) {
  Json json{{"kind", "esmm comparison 1"},
            {"config", comparison.config},
            {"dataset",
             {{"path", comparison.dataset.string()},
              {"fingerprint", comparison.fingerprint},
              {"train", counts_json(comparison.train)},
              {"test", counts_json(comparison.test)}}},
            {"seeds", comparison.seeds},
            {"cells",
             {{"wanted", comparison.entries.size() * comparison.seeds.size()},
              {"finished", comparison.finished()}}},
            {"baseline", nullptr},
            {"external", comparison.entries[comparison.external].name},
            {"entries", Json::array()}};
  if (comparison.baseline) json["baseline"] = comparison.entries[*comparison.baseline].name;
  for (const ComparedEntry& entry : comparison.entries)
    json["entries"].push_back(entry_json(comparison, entry));
  return json.dump(2) + "\n";
}

}  // namespace esmm::experiment
