#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "esmm/data/arrow_file.h"
#include "esmm/data/bag_columns.h"
#include "esmm/data/dataset_layout.h"
#include "esmm/data/key_ids.h"
#include "esmm/data/raw_scan.h"

namespace esmm::data {

// Rows of a joined table on their way: ids of keys (KeyIds) in the columns of the finished file.
class TableSpill {
 public:
  TableSpill(const DatasetLayout& layout, const TableLayout& table, const std::filesystem::path& file);
  void add(const KeyBags& keys, KeyIds& ids);
  void close();

 private:
  void flush();

  std::shared_ptr<arrow::Schema> schema_;
  BagColumns bags_;
  ArrowFileWriter writer_;
};

// Impressions of one split on their way.
class SplitSpill {
 public:
  // tables: places, in the plan, of the tables that the data set stores.
  SplitSpill(const DatasetLayout& layout, std::vector<size_t> tables, const std::filesystem::path& file);
  void add(const Impression& impression, int32_t file, bool counts, KeyIds& ids);
  void close();

  const SplitCounts& counts() const { return counts_; }

 private:
  void flush();

  const DatasetLayout& layout_;
  std::vector<size_t> tables_;
  std::shared_ptr<arrow::Schema> schema_;
  BagColumns bags_;
  ArrowFileWriter writer_;
  SplitCounts counts_;
  std::vector<uint8_t> click_, conversion_;
  std::vector<int32_t> file_;
  std::vector<int64_t> line_, group_;
  std::vector<double> p_ctr_, p_cvr_;
  std::vector<float> click_weight_, conversion_weight_;
  std::vector<int32_t> id_ends_{0};
  std::string id_bytes_;
  std::vector<std::vector<int32_t>> table_rows_;
};

}  // namespace esmm::data
