#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "esmm/config/config.h"
#include "esmm/data/dataset.h"

namespace esmm::train {

// What a run learns from.
struct TrainingData {
  const data::Split& train;
  const data::Split* validation = nullptr;  // none: no validation
  Schema schema;
  std::vector<int64_t> vocabulary;  // sorted keys; empty in hashed mode
  int64_t table_rows = 0;           // V
  std::string fingerprint;          // the data set's digest: what a resumed run must find again
};

// Of a data set, which outlives what is returned.
TrainingData training_data(const data::Dataset& dataset);

// The config with the section data that the data set was made with: the run and the exported model read new
// logs as the data set's were read; its path and placement stay. Throws ConfigError where the config's own is
// another (compare_configs.h), Error where the data set's schema names other fields than the config beside
// it.
Config with_data_of(const data::Dataset& dataset, Config config);

// Throws Error where the run in config.train.run was trained on data of another fingerprint than
// config.data.path has now: that data set was prepared again since, or is another one.
void require_same_dataset(const Config& config, const std::string& trained_on, const std::string& now);

}  // namespace esmm::train
