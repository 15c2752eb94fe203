#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "esmm/data/dataset.h"

namespace arrow {
class Schema;
}

namespace esmm::data {

// Rows of a joined source that are stored once.
struct TableLayout {
  std::string name;
  std::string file;             // below the data set's folder
  std::vector<int64_t> fields;  // in field order
};

// All that dataset.json says.
struct DatasetLayout {
  DatasetInfo info;
  std::vector<TableLayout> tables;
  std::vector<int64_t> fields;                             // made per impression, in field order
  std::vector<std::string> files;                          // raw files; column `file` is a place among them
  std::map<std::string, std::vector<std::string>> shards;  // per split: files below the data set's folder
  std::map<std::string, int64_t> rejected;                 // lines per reason
};

// Files that are read in turn where a split is: its own, the joined tables' and, as training validates, those
// of both train and validation.
std::vector<std::string> files_read_with(const DatasetLayout& layout, const std::string& split);

std::shared_ptr<arrow::Schema> table_schema(const DatasetLayout& layout, const TableLayout& table);
// Columns of a split: click, conversion, file, line, [id], [group], [p_ctr, p_cvr], [click_weight],
// [conversion_weight], table:<name>…, those of the bags.
std::shared_ptr<arrow::Schema> split_schema(const DatasetLayout& layout);

// Places of a split's columns.
struct SplitColumnPlaces {
  int click = 0, conversion = 1, file = 2, line = 3;
  int id = -1, group = -1, p_ctr = -1, p_cvr = -1, click_weight = -1, conversion_weight = -1;  // -1: none
  int tables = 0;                                                                              // the first
  int bags = 0;                                                                                // the first
  explicit SplitColumnPlaces(const DatasetLayout& layout);
};

}  // namespace esmm::data
