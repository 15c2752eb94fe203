#pragma once

#include <cstdint>
#include <filesystem>

namespace esmm::data {

struct GenerateOptions {
  int64_t impressions = 400'000;  // both splits together
  int64_t users = 20'000;
  int64_t items = 5'000;
  double test_fraction = 0.25;  // the last part of the impressions
  double ctr = 0.05;            // mean true pCTR wanted
  double cvr = 0.05;            // mean true pCVR wanted over all impressions
  double selection_bias =
      0.6;  // correlation of what makes people click with what makes them convert, -1 to 1
  uint64_t seed = 1;
};

struct GenerateReport {
  int64_t impressions = 0, clicks = 0, conversions = 0;
};

// Writes logs in Ali-CCP's own layout: sample_skeleton_{train,test}.csv, common_features_{train,test}.csv,
// and truth.csv (sample_id,p_ctr,p_cvr). Each file is complete or absent. Memory does not grow with
// impressions.
GenerateReport generate(const GenerateOptions& options, const std::filesystem::path& out, bool show_progress);

}  // namespace esmm::data
