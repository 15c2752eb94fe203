#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "esmm/data/dataset_layout.h"
#include "esmm/data/key_ids.h"
#include "esmm/data/raw_scan.h"
#include "esmm/data/spill.h"

namespace esmm::data {

// Writes a data set into an empty folder: rows first go to <folder>/spill with small ids for keys; finish()
// knows the vocabulary and writes the rows again with their table rows.
class DatasetWriter {
 public:
  // config: resolved, YAML.
  DatasetWriter(const DataConfig& config, const RawPlan& plan, const Schema& schema, std::string yaml,
                const std::filesystem::path& folder);

  void add_table_row(size_t table, const KeyBags& keys);
  void add(const Impression& impression);

  // Counts so far, per split that has impressions.
  std::map<std::string, SplitCounts> splits() const;

  // Writes all but rejected.csv. rejected: counts per reason. Returns what dataset.json says.
  const DatasetLayout& finish(int64_t min_frequency, const std::map<std::string, int64_t>& rejected);

 private:
  // A file of the data set: some batches of a spilled file with mapped ids.
  struct Task;

  std::filesystem::path spilled_table(size_t t) const;
  std::filesystem::path spilled_split(int split) const;
  int32_t place_of_file(const std::filesystem::path& file);
  void count_joined_keys();
  void write_vocabulary(const KeyIds::Known& known);
  std::vector<Task> plan_files();
  void write_file(const Task& task) const;

  DatasetLayout layout_;
  std::filesystem::path folder_;
  KeyIds ids_;
  std::vector<size_t> stored_;                       // places, in the plan, of the tables with fields
  std::vector<std::unique_ptr<TableSpill>> tables_;  // per table of the plan; null: no fields
  std::vector<std::vector<int64_t>> joins_;          // per stored table and row: training impressions
  std::vector<std::unique_ptr<SplitSpill>> splits_;
  std::filesystem::path last_file_;
  int32_t place_of_last_file_ = 0;
};

}  // namespace esmm::data
