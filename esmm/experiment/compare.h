#pragma once

#include <filesystem>
#include <vector>

#include "esmm/experiment/comparison.h"

namespace esmm::experiment {

struct ComparePlan {
  std::vector<Entry> entries;  // as entries_of gives them
  Config config;               // what the entries start from
  int64_t seeds = 0;           // 1 .. seeds
  std::filesystem::path out{};
};

// Trains entries x seeds, seed by seed, each in the run folder out/<entry>/seed-<n>, measures each on the
// test split, and writes out/comparison.json and out/comparison.md after every cell. A finished cell is read,
// an interrupted one goes on from its checkpoint. Before anything is trained, throws ConfigError where a
// folder holds a run of another config, Error where it was measured on another data set. Throws Interrupted
// where options.stop says so; the same call goes on from there.
Comparison compare(const ComparePlan& plan, const CellData& data, const RunOptions& options);

}  // namespace esmm::experiment
