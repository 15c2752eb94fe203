#include "esmm/experiment/rung_file.h"

#include <nlohmann/json.hpp>

#include "esmm/core/error.h"
#include "esmm/core/file.h"

namespace esmm::experiment {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kKind = "esmm rung 1";

}  // namespace

metrics::Value RungResult::value(const std::string& metric) const {
  if (!failure.empty()) return metrics::undefined(failure);
  const size_t dot = metric.find('.');
  const std::string head = metric.substr(0, dot), name = metric.substr(dot + 1);
  const Json json = Json::parse(validation);
  if (!json.contains(head) || !json.at(head).contains(name)) return metrics::undefined("was not measured");
  const Json& value = json.at(head).at(name);
  return value.is_null() ? metrics::undefined(json.at(head).at(name + "_reason").get<std::string>())
                         : metrics::defined(value.get<double>());
}

std::filesystem::path rung_file(const std::filesystem::path& run, int64_t steps) {
  return run / ("rung-" + std::to_string(steps) + ".json");
}

void write_rung(const std::filesystem::path& path, const RungResult& result) {
  const Json json{{"kind", kKind},
                  {"dataset", result.dataset},
                  {"train_seconds", result.train_seconds},
                  {"failure", result.failure},
                  {"validation", result.validation.empty() ? Json(nullptr) : Json::parse(result.validation)}};
  write_file(path, json.dump(2) + "\n");
}

RungResult read_rung(const std::filesystem::path& path) {
  try {
    const Json json = Json::parse(read_file(path));
    if (json.at("kind") == kKind) {
      const Json& validation = json.at("validation");
      return {.dataset = json.at("dataset"),
              .train_seconds = json.at("train_seconds"),
              .validation = validation.is_null() ? "" : validation.dump(),
              .failure = json.at("failure")};
    }
  } catch (const Json::exception&) {
    // told below, as for another kind
  }
  throw Error({.what = "is no result of a trial of this version",
               .where = path.string(),
               .expected = kKind,
               .hint = "remove the trial's folder: it is trained again"});
}

}  // namespace esmm::experiment
