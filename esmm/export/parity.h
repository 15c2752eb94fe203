#pragma once

#include "esmm/train/trainer.h"

#include <cstdint>
#include <filesystem>

namespace esmm::exporting {

struct Parity {
  int64_t rows = 0;
  double largest_difference = 0;  // of any probability; infinite where one is not a number
  // The same from what the trained model gives where its probabilities are 2^-22 lower or higher before
  // calibration: a steep map magnifies how these are rounded.
  double unexplained_difference = 0;
};

// Scores keys with the file, by its own forward() and by the Predictor, and their rows with the trained
// model: made-up impressions with known and unknown keys, empty bags and weights; and impressions of the
// run's data set, where its rows are still those of the model; else says in the log why not.
Parity compare_with_file(const train::Run& run, const std::filesystem::path& file);

}  // namespace esmm::exporting
