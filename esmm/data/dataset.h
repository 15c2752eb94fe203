#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "esmm/data/stored_ids.h"
#include "esmm/features/bags.h"
#include "esmm/features/schema.h"
#include "esmm/features/vocabulary.h"

namespace esmm::data {

struct SplitCounts {
  int64_t impressions = 0, clicks = 0, conversions = 0;
  friend bool operator==(const SplitCounts&, const SplitCounts&) = default;
};

// What dataset.json says.
struct DatasetInfo {
  Schema schema;
  int64_t table_rows = 0;                     // V
  std::map<std::string, SplitCounts> splits;  // train, validation (may be absent), test
  bool has_truth = false;
  bool has_click_weight = false, has_conversion_weight = false;
  std::string group_by;  // empty: none
  std::string id;        // empty: none
  std::string config;    // the resolved config, YAML
  std::string digest;    // hash of all keys, joined rows and impressions, in order: tells data sets apart
};

// Where labels and sample weights go, one of each per impression. null: not wanted.
struct LabelTarget {
  float* click = nullptr;
  float* conversion = nullptr;
  float* click_weight = nullptr;
  float* conversion_weight = nullptr;
};

// One split of a prepared data set: Arrow IPC, memory-mapped. Impressions are meant by their place in the
// split (0 .. size-1, in any order), fields by their place in the schema. Thread-safe.
class Split {
 public:
  virtual ~Split() = default;
  virtual const Schema& schema() const = 0;
  virtual const SplitCounts& counts() const = 0;
  virtual int64_t table_rows() const = 0;  // ids are below it
  int64_t size() const { return counts().impressions; }
  virtual bool has_click_weight() const = 0;
  virtual bool has_conversion_weight() const = 0;

  // Bags of impressions x fields, row by row: how many ids each has, and the pieces that these lie in, as
  // many for every impression, which are appended to `pieces` and hold as long as the split.
  // lengths: impressions x fields. Throws Error where the file is damaged, InternalError where an impression
  // is outside the split.
  virtual void find_bags(std::span<const int64_t> impressions, std::span<const int64_t> fields,
                         std::span<int64_t> lengths, std::vector<StoredIds>& pieces) const = 0;
  // Copies, of these or a part of them, one after the other, the ids and the raw weights (null: not wanted).
  // Throws Error where an id is outside the table.
  virtual void copy_ids(std::span<const StoredIds> pieces, int32_t* ids, float* weights) const = 0;
  virtual void copy_labels(std::span<const int64_t> impressions, const LabelTarget& target) const = 0;
  // All fields and labels, into `batch` (replaced).
  void gather(std::span<const int64_t> impressions, Batch& batch) const;

  // What tells bags of the fields apart: impressions with other hashes differ in some bag, or joined other
  // rows. Those with the same hash may differ too.
  virtual void hash_bags(std::span<const int64_t> impressions, std::span<const int64_t> fields,
                         std::span<uint64_t> hashes) const = 0;
  // same[i]: whether impressions i and i + 1 are known to have the same bags of the fields, of all
  // impressions but the last.
  virtual void same_bags(std::span<const int64_t> impressions, std::span<const int64_t> fields,
                         std::span<uint8_t> same) const = 0;

  // Reads `count` impressions from `first` into the page cache and waits for them; and the rows that
  // impressions joined. For many at once: what some of them have in common is read once.
  virtual void read_in(int64_t first, int64_t count) const = 0;
  virtual void read_in_joined(std::span<const int64_t> impressions) const = 0;

  // Whole columns in split order, copied.
  virtual std::vector<float> clicks() const = 0;
  virtual std::vector<float> conversions() const = 0;
  virtual std::vector<int64_t> groups() const = 0;  // key of the group_by column; empty: none
  virtual std::vector<double> p_ctr() const = 0;    // truth; empty: not known
  virtual std::vector<double> p_cvr() const = 0;
  virtual std::vector<std::string> ids() const = 0;  // id column; empty: none
  virtual std::vector<int64_t> lines() const = 0;    // line in the raw file
};

// A prepared data set:
//   dataset.json            DatasetInfo, counts of rejected lines, file list
//   vocabulary.arrow        key int64 (sorted), count int64 (training occurrences); absent in hashed mode
//   tables/<n>-<source>.arrow
//                           rows of a joined source: bags of the fields that need that source alone; its
//                           last row is the one for impressions that joined nothing (all values missing).
//                           Ali-CCP's common features are table "common".
//   <split>/00000.arrow …   click uint8, conversion uint8, file int32 (place in the file list), line int64,
//                           [id utf8], [group int64], [p_ctr, p_cvr double], [click_weight float],
//                           [conversion_weight float], per stored table an index column `table:<source>`
//                           int32 into it, and the bags of the other fields
//   rejected.csv
// Bags are columns rows, lengths and weights (bag_columns.h).
class Dataset {
 public:
  // Throws Error where the folder holds no data set of this version.
  explicit Dataset(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }
  const DatasetInfo& info() const { return info_; }
  bool has(const std::string& split) const;
  // Throws Error, naming the splits that are there.
  const Split& split(const std::string& name) const;
  // Reads vocabulary.arrow.
  Vocabulary vocabulary() const;

 private:
  std::filesystem::path folder_;
  DatasetInfo info_;
  std::map<std::string, std::shared_ptr<Split>> splits_;
};

}  // namespace esmm::data
