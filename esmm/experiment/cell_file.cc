#include "esmm/experiment/cell_file.h"

#include <nlohmann/json.hpp>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/metrics/metric_names.h"

namespace esmm::experiment {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kKind = "esmm cell 1";

Json head_to_json(const HeadResult& head) {
  Json json{{"space", head.space}, {"rows", head.rows}, {"positives", head.positives}};
  for (const metrics::MetricName& metric : metrics::metric_names()) {
    const auto found = head.values.find(metric.name);
    if (found == head.values.end()) continue;
    const metrics::Value& value = found->second;
    json[metric.name] = value.number ? Json(*value.number) : Json(nullptr);
    if (!value.number) json[std::string(metric.name) + "_reason"] = value.reason;
  }
  return json;
}

HeadResult head_from_json(const Json& json) {
  HeadResult head{
      .space = json.at("space"), .rows = json.at("rows"), .positives = json.at("positives"), .values = {}};
  for (const metrics::MetricName& metric : metrics::metric_names()) {
    const std::string name = metric.name;
    if (!json.contains(name)) continue;
    head.values.emplace(name, json.at(name).is_null()
                                  ? metrics::undefined(json.at(name + "_reason").get<std::string>())
                                  : metrics::defined(json.at(name).get<double>()));
  }
  return head;
}

CellFile cell_from_json(const Json& json) {
  CellFile cell{.dataset = json.at("dataset"), .result = {}};
  cell.result.parameters = json.at("parameters");
  cell.result.samples = json.at("samples");
  cell.result.train_seconds = json.at("train_seconds");
  for (const auto& [name, head] : json.at("heads").items()) cell.result.heads[name] = head_from_json(head);
  return cell;
}

}  // namespace

void write_cell(const std::filesystem::path& path, const CellFile& cell) {
  Json heads;
  for (const auto& [name, head] : cell.result.heads) heads[name] = head_to_json(head);
  const Json json{{"kind", kKind},
                  {"dataset", cell.dataset},
                  {"parameters", cell.result.parameters},
                  {"samples", cell.result.samples},
                  {"train_seconds", cell.result.train_seconds},
                  {"heads", heads}};
  write_file(path, json.dump(2) + "\n");
}

CellFile read_cell(const std::filesystem::path& path) {
  try {
    const Json json = Json::parse(read_file(path));
    if (json.at("kind") == kKind) return cell_from_json(json);
  } catch (const Json::exception&) {
    // told below, as for another kind
  }
  throw Error({.what = "is no finished cell of this version",
               .where = path.string(),
               .expected = kKind,
               .hint = "remove the file: the cell is measured again"});
}

}  // namespace esmm::experiment
