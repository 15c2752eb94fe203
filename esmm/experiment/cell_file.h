#pragma once

#include <filesystem>
#include <string>

#include "esmm/experiment/cell.h"

namespace esmm::experiment {

// In the run folder of a finished cell:
//   {"kind": "esmm cell 1", "dataset": fingerprint, "parameters": 1234, "samples": 5678,
//   "train_seconds": 9.1,
//    "heads": {"ctr": {"space": "impressions", "rows": 10, "positives": 4, "auc": 0.7,
//                      "gauc": null, "gauc_reason": "no group column", ...}, ...}}
inline constexpr const char* kCellFile = "cell.json";

struct CellFile {
  std::string dataset;
  CellResult result;
};

void write_cell(const std::filesystem::path& path, const CellFile& cell);
// Throws Error where the file is damaged or of another version.
CellFile read_cell(const std::filesystem::path& path);

}  // namespace esmm::experiment
