#include "esmm/data/dataset_layout.h"

#include <algorithm>

#include <arrow/type.h>

#include "esmm/data/bag_columns.h"
#include "esmm/data/split_names.h"

namespace esmm::data {

namespace {

void add_bag_columns(const Schema& schema, const std::vector<int64_t>& fields, arrow::FieldVector& columns) {
  const arrow::FieldVector more = BagLayout(schema, fields).columns();
  columns.insert(columns.end(), more.begin(), more.end());
}

}  // namespace

std::vector<std::string> files_read_with(const DatasetLayout& layout, const std::string& split) {
  const auto trains = [](const std::string& name) {
    return name == kSplitNames[kTrain] || name == kSplitNames[kValidation];
  };
  std::vector<std::string> files;
  for (const TableLayout& table : layout.tables) files.push_back(table.file);
  for (const auto& [name, shards] : layout.shards) {
    if (name == split || (trains(name) && trains(split)))
      files.insert(files.end(), shards.begin(), shards.end());
  }
  return files;
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
