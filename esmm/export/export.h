#pragma once

#include "esmm/train/trainer.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace esmm::exporting {

struct ExportReport {
  int64_t rows_checked = 0;
  double largest_difference = 0;  // of any probability, file against trained model
  std::string sha256;             // of the file
};

// Writes a TorchScript file with standard operators only (contract: docs/exported-model.md), loads it again
// and compares it with the trained model on made-up impressions, and on those of the data set's test split
// where it is there. The evaluation in the run folder (run.config.train.run), where there is one and it is
// of the run's calibration, goes into the file. The same run gives the same bytes. Throws Error and leaves no
// file on a difference > 1e-6 that the rounding of what is calibrated does not explain (parity.h).
ExportReport export_model(const train::Run& run, const std::filesystem::path& out);

}  // namespace esmm::exporting
