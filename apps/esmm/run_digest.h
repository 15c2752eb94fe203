#pragma once

#include <filesystem>
#include <string>

#include "esmm/config/data_config.h"

namespace esmm::apps {

// What a run is and how far it came, in a screen of text: method, fields, weights, data set, losses,
// validation, the best step, checkpoints, calibration and evaluation.json. The model itself is not read.
// Throws Error where a file of the run is damaged.
std::string run_digest(const std::filesystem::path& folder);

// Columns that weigh impressions and values, as in "click by w, history by seconds"; "none" without any.
std::string weights_text(const DataConfig& data);

}  // namespace esmm::apps
