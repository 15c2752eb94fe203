#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "esmm/data/dataset_layout.h"
#include "esmm/data/prepare/key_counts.h"
#include "esmm/data/prepare/key_dictionary.h"
#include "esmm/data/prepare/output_files.h"
#include "esmm/data/prepare/raw_scan.h"
#include "esmm/data/prepare/spill.h"

namespace esmm::data {

// Writes a data set into an empty folder: rows first go to <folder>/spill with small numbers for keys;
// finish() knows the vocabulary and writes the rows again with their table rows. In memory it holds what each
// thread has at hand, the joins per joined row, and the vocabulary.
class DatasetWriter {
 public:
  // config: resolved, YAML.
  DatasetWriter(const DataConfig& config, const RawPlan& plan, const Schema& schema, std::string yaml,
                const std::filesystem::path& folder, size_t threads);

  // Takes the rows of a table of the plan.
  TableSink table_sink(size_t table);
  ImpressionSink impression_sink();

  // Counts so far, per split that has impressions.
  std::map<std::string, SplitCounts> splits() const;

  // Writes all but rejected.csv. rejected: counts per reason. Returns what dataset.json says.
  const DatasetLayout& finish(int64_t min_frequency, const std::map<std::string, int64_t>& rejected,
                              const PrepareOptions& options);

 private:
  // What a thread has at hand.
  struct Worker {
    int64_t place = 0;  // of the present chunk among all
    int32_t file = 0;   // of the present chunk
    KeyDictionary ids;
    std::vector<uint32_t> rows;   // of the present split
    std::vector<int64_t> counts;  // per number in ids
  };

  void store_table(size_t stored, const KeyBags& keys, Worker& worker);
  void count_impressions(const ImpressionRows& rows);
  void store_split(int split, const ImpressionRows& rows, Worker& worker);
  bool exact() const { return layout_.info.schema.mode == VocabularyMode::exact; }
  int32_t place_of_file(const std::filesystem::path& file);
  void count_joined_keys(size_t stored, const std::vector<Piece>& pieces);
  void set_table_rows(int64_t keys);
  std::vector<OutputFile> plan_files();

  DatasetLayout layout_;
  std::filesystem::path folder_;
  std::vector<Worker> workers_;
  KeyCounts counts_;
  std::vector<size_t> stored_;                      // places, in the plan, of the tables with fields
  std::vector<std::unique_ptr<PieceFile>> tables_;  // per stored table
  std::vector<std::vector<int64_t>> joins_;         // per stored table and row: training impressions
  std::vector<std::unique_ptr<PieceFile>> splits_;  // null: no impressions yet
  std::vector<SplitCounts> split_counts_;
  std::vector<BagPlaces> table_places_;  // per stored table
  BagPlaces split_places_;
  std::vector<std::vector<Piece>> table_pieces_, split_pieces_;
  int64_t chunks_ = 0;
};

}  // namespace esmm::data
