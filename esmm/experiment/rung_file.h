#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "esmm/metrics/evaluation.h"

namespace esmm::experiment {

// What a trial's run showed on the validation split after some steps.
struct RungResult {
  std::string dataset;  // fingerprint
  double train_seconds = 0;
  std::string validation;  // the text of metrics::to_json; empty where the run failed
  std::string failure;     // why it has none

  // The metric of a name as in "ctcvr.auc".
  metrics::Value value(const std::string& metric) const;
};

// In the trial's run folder:
//   {"kind": "esmm rung 1", "dataset": fingerprint, "train_seconds": 9.1, "failure": "", "validation":
//   {"ctr": ...}}
std::filesystem::path rung_file(const std::filesystem::path& run, int64_t steps);

void write_rung(const std::filesystem::path& path, const RungResult& result);
// Throws Error where the file is damaged or of another version.
RungResult read_rung(const std::filesystem::path& path);

}  // namespace esmm::experiment
