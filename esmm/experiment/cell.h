#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "esmm/config/config.h"
#include "esmm/data/dataset.h"
#include "esmm/experiment/run_or_resume.h"
#include "esmm/metrics/evaluation.h"

namespace esmm::experiment {

// What a comparison keeps of one head of one run.
struct HeadResult {
  std::string space;  // impressions or clicks
  int64_t rows = 0;
  double positives = 0;
  std::map<std::string, metrics::Value> values;  // by the names of metrics::metric_names(); those that apply
};

// One run of a comparison, measured on the test split.
struct CellResult {
  int64_t parameters = 0;    // numbers that training changes, all tables and towers
  int64_t samples = 0;       // impressions trained on, repeats counted
  double train_seconds = 0;  // validations and checkpoints included
  std::map<std::string, HeadResult>
      heads;  // ctr, cvr, ctcvr, ctcvr_external, and cvr_entire_space where known
};

// What cells are trained and measured on; outlives them.
struct CellData {
  const train::TrainingData& training;
  const data::Split& test;
  std::string fingerprint;  // of the training data
};

// The result of the finished cell in config.train.run, from its file cell.json; none where it is not
// finished, or trained on since. Throws Error where the cell was measured on another data set; ConfigError as
// require_agreement.
std::optional<CellResult> finished_cell(const Config& config, const CellData& data);

// Trains what is left to train, measures, and writes evaluation.json and cell.json into the run folder.
// external_ctr: a pCTR per test impression. Head ctcvr_external is that of pCTCVR = external pCTR * own pCVR
// (the paper measures every method's CTCVR with one CTR net; Ma et al., SIGIR 2018, section 3.1). Empty: the
// cell's own pCTR.
CellResult run_cell(const Config& config, const CellData& data, std::span<const float> external_ctr,
                    const RunOptions& options);

// pCTR of the trained cell for each test impression.
std::vector<float> p_ctr_of(const Config& config, const CellData& data);

}  // namespace esmm::experiment
