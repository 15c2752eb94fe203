#include "esmm/report/comparison.h"

#include <nlohmann/json.hpp>

#include "esmm/core/error.h"

namespace esmm::report {
namespace {

using nlohmann::json;

constexpr const char* kKind = "esmm comparison 1";

metrics::Value value_of(const json& object, const std::string& key) {
  if (object.contains(key) && object.at(key).is_number())
    return metrics::defined(object.at(key).get<double>());
  return metrics::undefined(object.value(key + "_reason", "not in the file"));
}

ComparedEntry entry_of(const json& object) {
  ComparedEntry entry{.name = object.at("name"),
                      .method = object.at("method"),
                      .seeds = object.at("seeds").size(),
                      .parameters = {},
                      .train_seconds = value_of(object.at("train_seconds"), "mean").number,
                      .heads = {}};
  if (object.at("parameters").is_number()) entry.parameters = object.at("parameters").get<double>();
  for (const auto& [head, content] : object.at("heads").items()) {
    for (const auto& [metric, numbers] : content.at("metrics").items()) {
      entry.heads[head][metric] = {.mean = value_of(numbers, "mean"),
                                   .deviation = value_of(numbers, "std"),
                                   .p_value = value_of(numbers, "p_value")};
    }
  }
  return entry;
}

Comparison comparison_of(const json& object) {
  Comparison comparison{.dataset = object.at("dataset").at("path"),
                        .test_rows = object.at("dataset").at("test").at("impressions"),
                        .wanted = object.at("cells").at("wanted"),
                        .finished = object.at("cells").at("finished"),
                        .baseline = {},
                        .entries = {}};
  if (object.at("baseline").is_string()) comparison.baseline = object.at("baseline");
  for (const json& entry : object.at("entries")) comparison.entries.push_back(entry_of(entry));
  return comparison;
}

}  // namespace

Comparison parse_comparison(std::string_view text, const std::string& where) {
  std::string got;
  try {
    const json object = json::parse(text);
    if (object.value("kind", "") == kKind) return comparison_of(object);
    got = "another kind of JSON";
  } catch (const json::exception& error) {
    got = error.what();
  }
  throw Error({.what = "is no comparison",
               .where = where,
               .expected = std::string("comparison.json of kind \"") + kKind + "\"",
               .got = got,
               .hint = "esmm compare writes it"});
}

}  // namespace esmm::report
