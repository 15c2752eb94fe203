#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "esmm/config/data_config.h"
#include "esmm/data/prepare/scan_counts.h"
#include "esmm/features/bags.h"

namespace esmm::data {

// Impressions of new files, encoded to keys, in order.
struct KeyedChunk {
  int64_t rows = 0;
  KeyBags keys;                  // rows x F
  std::vector<int64_t> lines;    // rows
  bool has_ids = false;          // the config names an id column, and it is there
  std::vector<std::string> ids;  // rows where has_ids
  std::filesystem::path file;
};

// Reads files with a model's own sources, joins and derived columns; labels and split are not needed.
//   files: source name -> file or glob, replacing that source's paths ("name.common" for Ali-CCP's common
//   features); one source of impressions or more. A joined source that is not among them is read where it was
//   at the training, which is logged. Without any name ("" -> file), the file is one joined table that has a
//   column per input field (its raw column's or the field's name); in CSV it is parted as the training's
//   first source of impressions.
// consume: takes one chunk or more; where there are no impressions, one of no rows. Returns what was counted.
// schema: as fitted at training (bucket edges). Throws ConfigError where a file, a needed source or a column
// is missing.
ScanCounts encode_raw(const DataConfig& config, const Schema& schema,
                      const std::map<std::string, std::filesystem::path>& files, Rejected& rejected,
                      const std::function<void(const KeyedChunk&)>& consume);

}  // namespace esmm::data
