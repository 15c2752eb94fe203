#include "esmm/data/dataset_json.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "esmm/core/error.h"
#include "esmm/core/nearest.h"
#include "esmm/data/split_names.h"

namespace esmm::data {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SplitCounts, impressions, clicks, conversions)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TableLayout, name, file, fields)

namespace {

using Json = nlohmann::json;

constexpr const char* kFormat = "esmm data set";
constexpr int kVersion = 3;

Json json_of(const DatasetLayout& layout) {
  const DatasetInfo& info = layout.info;
  Json json;
  json["format"] = kFormat;
  json["version"] = kVersion;
  json["splits"] = info.splits;
  json["table_rows"] = info.table_rows;
  json["has_truth"] = info.has_truth;
  // Only where there are any: a data set without them is one of those before weights.
  if (info.has_click_weight) json["has_click_weight"] = true;
  if (info.has_conversion_weight) json["has_conversion_weight"] = true;
  json["group_by"] = info.group_by;
  json["id"] = info.id;
  json["rejected"] = layout.rejected;
  json["files"] = layout.files;
  json["shards"] = layout.shards;
  json["tables"] = layout.tables;
  json["impression_fields"] = layout.fields;
  json["schema"] = Json::parse(schema_to_json(info.schema));
  json["config"] = info.config;
  json["digest"] = info.digest;
  return json;
}

// Reads dataset.json, and throws Error, which names the file and the key, at the first thing that is wrong.
class LayoutReader {
 public:
  LayoutReader(const Json& json, const std::string& where) : json_(json), where_(where) {}

  DatasetLayout read() {
    require_version();
    DatasetInfo& info = layout_.info;
    get("splits", info.splits);
    get("table_rows", info.table_rows);
    get("has_truth", info.has_truth);
    if (json_.contains("has_click_weight")) get("has_click_weight", info.has_click_weight);
    if (json_.contains("has_conversion_weight")) get("has_conversion_weight", info.has_conversion_weight);
    get("group_by", info.group_by);
    get("id", info.id);
    get("rejected", layout_.rejected);
    get("files", layout_.files);
    get("shards", layout_.shards);
    get("tables", layout_.tables);
    get("impression_fields", layout_.fields);
    info.schema = schema();
    get("config", info.config);
    get("digest", info.digest);
    require_nothing_else();
    require_names();
    require_stored_once();
    require_splits();
    require_table_rows();
    return std::move(layout_);
  }

 private:
  [[noreturn]] void refuse(const std::string& key, Problem problem) const {
    problem.what = key + ": " + problem.what;
    problem.where = where_;
    if (problem.hint.empty()) problem.hint = "prepare the data set again";
    throw Error(std::move(problem));
  }

  const Json& at(const std::string& key) const {
    if (!json_.contains(key)) refuse(key, {.what = "is missing"});
    return json_.at(key);
  }

  template <class T>
  void get(const std::string& key, T& value) const {
    try {
      at(key).get_to(value);
    } catch (const Json::exception& error) {
      refuse(key, {.what = "is not what prepare writes", .got = error.what()});
    }
  }

  void require_version() const {
    if (at("format") != kFormat) refuse("format", {.what = "is another", .expected = kFormat});
    if (at("version") == kVersion) return;
    refuse("version", {.what = "is another",
                       .expected = fmt::format("version {}", kVersion),
                       .got = "version " + at("version").dump()});
  }

  Schema schema() const {
    const std::string text = at("schema").dump();
    try {
      return schema_from_json(text);
    } catch (const Error& error) {
      const Problem& problem = error.problems().front();
      refuse("schema", {.what = problem.what, .got = problem.got});
    }
  }

  // What was read is written again the same, or something was read as something else.
  void require_nothing_else() const {
    const Json written = json_of(layout_);
    std::vector<std::string> keys;
    for (const auto& [key, value] : written.items()) keys.push_back(key);
    for (const auto& [key, value] : json_.items()) {
      if (!written.contains(key)) refuse(key, {.what = "is no key of it", .hint = did_you_mean(key, keys)});
      if (written.at(key) != value) refuse(key, {.what = "is not what prepare writes"});
    }
  }

  // Keys are made of the names: a wrong one would make others.
  void require_names() const {
    std::vector<std::string> names;
    for (const Field& field : layout_.info.schema.fields) {
      if (field.name.empty()) refuse("schema", {.what = "a field has no name"});
      if (std::find(names.begin(), names.end(), field.name) != names.end())
        refuse("schema", {.what = "two fields have one name", .got = field.name});
      names.push_back(field.name);
    }
    for (const Field& field : layout_.info.schema.fields) {
      std::vector<std::string> others = field.cross;
      if (!field.shares.empty()) others.push_back(field.shares);
      for (const std::string& other : others) {
        if (std::find(names.begin(), names.end(), other) != names.end()) continue;
        refuse("schema", {.what = fmt::format("field {} names one that is not there", field.name),
                          .got = other,
                          .hint = did_you_mean(other, names)});
      }
    }
  }

  void require_stored_once() const {
    const std::vector<Field>& fields = layout_.info.schema.fields;
    std::vector<int> times(fields.size(), 0);
    const auto count = [&](const std::string& key, const std::vector<int64_t>& stored) {
      for (const int64_t field : stored) {
        if (field < 0 || field >= std::ssize(fields)) {
          refuse(key, {.what = "names a field that the schema has not",
                       .expected = fmt::format("less than {}", fields.size()),
                       .got = fmt::format("{}", field)});
        }
        if (++times[field] > 1) refuse(key, {.what = "field " + fields[field].name + " is stored twice"});
      }
    };
    count("impression_fields", layout_.fields);
    for (const TableLayout& table : layout_.tables) count("tables", table.fields);
    const auto missing = std::find(times.begin(), times.end(), 0);
    if (missing == times.end()) return;
    refuse("impression_fields",
           {.what = fmt::format("field {} is stored nowhere", fields[missing - times.begin()].name)});
  }

  void require_splits() const {
    for (const auto& [name, counts] : layout_.info.splits) {
      if (std::find(kSplitNames.begin(), kSplitNames.end(), name) == kSplitNames.end()) {
        refuse("splits", {.what = "there is no such split",
                          .expected = fmt::format("{}", fmt::join(kSplitNames, ", ")),
                          .got = name});
      }
      if (!layout_.shards.contains(name)) refuse("shards", {.what = "those of " + name + " are missing"});
    }
    for (const auto& [name, files] : layout_.shards) {
      if (!layout_.info.splits.contains(name)) refuse("splits", {.what = name + " is missing"});
    }
  }

  void require_table_rows() const {
    const Schema& schema = layout_.info.schema;
    const int64_t rows = layout_.info.table_rows, most = std::numeric_limits<int32_t>::max();
    const bool hashed = schema.mode == VocabularyMode::hashed;
    const int64_t of_hashes = int64_t{1} << std::clamp<int64_t>(schema.hash_bits, 0, 62);
    if (hashed ? rows == of_hashes && rows <= most : rows >= schema.size() && rows <= most) return;
    refuse("table_rows", {.what = "is out of range",
                          .expected = hashed ? fmt::format("{}, 2^hash_bits", of_hashes)
                                             : fmt::format("{} to {}", schema.size(), most),
                          .got = fmt::format("{}", rows)});
  }

  const Json& json_;
  const std::string& where_;
  DatasetLayout layout_;
};

}  // namespace

std::string layout_to_json(const DatasetLayout& layout) { return json_of(layout).dump(1) + '\n'; }

DatasetLayout layout_from_json(std::string_view text, const std::string& where) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception& error) {
    throw Error({.what = "is no JSON",
                 .where = where,
                 .got = error.what(),
                 .hint = "copy the data set's file again, or prepare it again"});
  }
  return LayoutReader(json, where).read();
}

}  // namespace esmm::data
