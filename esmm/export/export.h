#pragma once

#include <filesystem>
#include <string>

#include "esmm/train/trainer.h"

namespace esmm::exporting {

struct ExportReport {
  int64_t rows_checked = 0;
  double largest_difference = 0;  // of any probability, file against trained model
  std::string sha256;             // of the file
};

// Writes a TorchScript file with standard operators only (contract: docs/architecture.md, "Exported model"), loads it again and compares it with the
// trained model on impressions of the data set, or on random keys where the data set is gone. Throws Error and leaves no file on a difference > 1e-6.
ExportReport export_model(const train::Run& run, const std::filesystem::path& out);

}  // namespace esmm::exporting
