#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "esmm/features/schema.h"

namespace esmm {

enum class SourceFormat {
  automatic,  // by the file's name (source_format.h)
  csv,
  parquet,
  ali_ccp,  // skeleton + common features; a field's values are column <field id>, their weights <field
            // id>__weights
};

// Files with the same columns. A source that no join names holds impressions.
struct SourceConfig {
  std::string name;
  SourceFormat format = SourceFormat::automatic;
  std::vector<std::filesystem::path> paths;   // files or globs, in order
  std::vector<std::filesystem::path> common;  // ali_ccp: the common-features files of these skeletons
  std::string split;                          // split.by source: which split these impressions are
  std::string delimiter;                      // csv: one byte; empty: by the file's name (source_format.h)
};

// impressions ⋈ source, by key: each impression takes the columns of the one row with its key.
struct JoinConfig {
  std::string source;
  std::string key;        // column of the impressions
  std::string right_key;  // column of the source; empty: the same name
  bool required =
      false;  // true: an impression whose key is not there is rejected; false: its values are missing
};

// A column computed from another. Exactly one of the operations is given.
struct DerivedConfig {
  std::string name;
  std::string column;
  std::optional<int64_t> divide;  // integer division, rounding down: floor(value / divide)
  std::string hour_of;  // hour of day 0-23 of a time in: seconds, milliseconds (since 1970), iso8601
  int64_t utc_offset_minutes = 0;  // hour_of: local time's offset
};

struct LabelsConfig {
  std::string click;  // columns that hold 0 or 1
  std::string conversion;
  bool conversion_requires_click =
      false;  // true: conversion is ANDed with click and changes are counted; false: such a line is rejected
  std::string click_weight;  // columns of sample weights, finite and >= 0, in training's loss; empty: all 1
  std::string conversion_weight;
};

// True probabilities, where the logs were generated.
struct TruthConfig {
  std::string p_ctr;  // columns
  std::string p_cvr;
};

enum class SplitBy { column, fraction, source };

// Values of split.column that belong to one split; split_order.h says how they compare. All bounds are
// inclusive; `values` lists single values instead.
struct SplitRange {
  std::string from{};
  std::string to{};
  std::vector<std::string> values{};
  bool given() const { return !from.empty() || !to.empty() || !values.empty(); }
};

struct SplitConfig {
  SplitBy by = SplitBy::fraction;
  std::string column;  // by column; impressions in no range are left out and counted
  SplitRange train, validation, test;
  double validation_fraction = 0.0;  // by fraction: seeded, of impressions
  double test_fraction = 0.2;
  uint64_t seed = 1;
};

struct VocabularyConfig {
  VocabularyMode mode = VocabularyMode::exact;
  int64_t min_frequency = 1;  // exact: keys seen in fewer training impressions go to the field's unknown row
  int64_t hash_bits = 20;     // hashed: V = 2^hash_bits
};

// Where training keeps the impressions that it learns from. The order is the same.
enum class Placement {
  host,    // in the data set's files, read by windows
  device,  // all of them in the memory of train.device
};

struct DataConfig {
  std::filesystem::path path;  // folder of the prepared data set
  Placement placement = Placement::host;
  std::vector<SourceConfig> sources;
  std::vector<JoinConfig> joins;
  std::vector<DerivedConfig> derived;
  LabelsConfig labels;
  TruthConfig truth;
  SplitConfig split;
  std::string id;        // column whose values must differ from line to line; empty: no such column
  std::string group_by;  // column that GAUC groups by; empty: none
  VocabularyConfig vocabulary;
  std::vector<Field> fields;
  double max_rejected = 0.001;  // share of a source's lines; more stop the run
};

}  // namespace esmm
