#include "esmm/data/dataset_layout.h"

#include <algorithm>

#include <arrow/type.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "esmm/core/error.h"
#include "esmm/data/bag_columns.h"

namespace esmm::data {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SplitCounts, impressions, clicks, conversions)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TableLayout, name, file, fields)

namespace {

constexpr const char* kFormat = "esmm data set";
constexpr int kVersion = 3;

void add_bag_columns(const Schema& schema, const std::vector<int64_t>& fields, arrow::FieldVector& columns) {
  const arrow::FieldVector more = BagLayout(schema, fields).columns();
  columns.insert(columns.end(), more.begin(), more.end());
}

// Every field is stored in one place, and every split has its shards.
bool is_sound(const DatasetLayout& layout) {
  std::vector<int64_t> fields = layout.fields;
  for (const TableLayout& table : layout.tables)
    fields.insert(fields.end(), table.fields.begin(), table.fields.end());
  std::sort(fields.begin(), fields.end());
  if (static_cast<int64_t>(fields.size()) != layout.info.schema.size()) return false;
  for (size_t f = 0; f < fields.size(); ++f) {
    if (fields[f] != static_cast<int64_t>(f)) return false;
  }
  return std::all_of(layout.info.splits.begin(), layout.info.splits.end(),
                     [&](const auto& split) { return layout.shards.contains(split.first); });
}

}  // namespace

std::string layout_to_json(const DatasetLayout& layout) {
  const DatasetInfo& info = layout.info;
  nlohmann::json json;
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
  json["schema"] = nlohmann::json::parse(schema_to_json(info.schema));
  json["config"] = info.config;
  json["digest"] = info.digest;
  return json.dump(1) + '\n';
}

DatasetLayout layout_from_json(std::string_view text, const std::string& where) {
  try {
    const auto json = nlohmann::json::parse(text);
    DatasetLayout layout;
    if (json.at("format") == kFormat && json.at("version") == kVersion) {
      DatasetInfo& info = layout.info;
      json.at("splits").get_to(info.splits);
      json.at("table_rows").get_to(info.table_rows);
      json.at("has_truth").get_to(info.has_truth);
      info.has_click_weight = json.value("has_click_weight", false);
      info.has_conversion_weight = json.value("has_conversion_weight", false);
      json.at("group_by").get_to(info.group_by);
      json.at("id").get_to(info.id);
      json.at("rejected").get_to(layout.rejected);
      json.at("files").get_to(layout.files);
      json.at("shards").get_to(layout.shards);
      json.at("tables").get_to(layout.tables);
      json.at("impression_fields").get_to(layout.fields);
      info.schema = schema_from_json(json.at("schema").dump());
      json.at("config").get_to(info.config);
      json.at("digest").get_to(info.digest);
      if (is_sound(layout)) return layout;
    }
    throw Error({.what = "is a data set of another version, or damaged",
                 .where = where,
                 .expected = fmt::format("version {}", kVersion),
                 .got = "version " + json.at("version").dump(),
                 .hint = "prepare the data set again"});
  } catch (const nlohmann::json::exception& error) {
    throw Error({.what = "is no data set",
                 .where = where,
                 .got = error.what(),
                 .hint = "prepare the data set again"});
  }
}

std::shared_ptr<arrow::Schema> vocabulary_schema() {
  return arrow::schema(
      {arrow::field("key", arrow::int64(), false), arrow::field("count", arrow::int64(), false)});
}

std::shared_ptr<arrow::Schema> table_schema(const DatasetLayout& layout, const TableLayout& table) {
  arrow::FieldVector columns;
  add_bag_columns(layout.info.schema, table.fields, columns);
  return arrow::schema(columns);
}

std::shared_ptr<arrow::Schema> split_schema(const DatasetLayout& layout) {
  arrow::FieldVector columns{
      arrow::field("click", arrow::uint8(), false), arrow::field("conversion", arrow::uint8(), false),
      arrow::field("file", arrow::int32(), false), arrow::field("line", arrow::int64(), false)};
  if (!layout.info.id.empty()) columns.push_back(arrow::field("id", arrow::utf8(), false));
  if (!layout.info.group_by.empty()) columns.push_back(arrow::field("group", arrow::int64(), false));
  if (layout.info.has_truth) {
    columns.push_back(arrow::field("p_ctr", arrow::float64(), false));
    columns.push_back(arrow::field("p_cvr", arrow::float64(), false));
  }
  if (layout.info.has_click_weight) columns.push_back(arrow::field("click_weight", arrow::float32(), false));
  if (layout.info.has_conversion_weight)
    columns.push_back(arrow::field("conversion_weight", arrow::float32(), false));
  for (const TableLayout& table : layout.tables)
    columns.push_back(arrow::field("table:" + table.name, arrow::int32(), false));
  add_bag_columns(layout.info.schema, layout.fields, columns);
  return arrow::schema(columns);
}

SplitColumnPlaces::SplitColumnPlaces(const DatasetLayout& layout) {
  int next = line + 1;
  if (!layout.info.id.empty()) id = next++;
  if (!layout.info.group_by.empty()) group = next++;
  if (layout.info.has_truth) {
    p_ctr = next++;
    p_cvr = next++;
  }
  if (layout.info.has_click_weight) click_weight = next++;
  if (layout.info.has_conversion_weight) conversion_weight = next++;
  tables = next;
  bags = next + static_cast<int>(layout.tables.size());
}

}  // namespace esmm::data
