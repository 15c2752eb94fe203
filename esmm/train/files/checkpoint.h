#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "esmm/train/early_stop.h"
#include "esmm/train/files/tensor_file.h"

namespace esmm::train {

// How far a run has come, beside its tensors.
struct TrainState {
  int64_t step = 0;
  double seconds = 0;
  std::map<std::string, double> loss_sums;  // since the last line of metrics.jsonl
  int64_t loss_samples = 0;
  Best best;
};

// All that a run needs to go on as if it had never stopped.
struct Checkpoint {
  TrainState state;
  std::string config;   // resolved, YAML
  std::string dataset;  // fingerprint of the data set
  NamedTensors tensors;
};

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

// Throws Error where the file is missing, damaged or of another version.
Checkpoint read_checkpoint(const std::filesystem::path& path);

}  // namespace esmm::train
