#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "esmm/calibration/calibration.h"
#include "esmm/config/config.h"
#include "esmm/data/dataset.h"
#include "esmm/metrics/evaluation.h"
#include "esmm/model/method.h"

namespace esmm::train {

struct TrainOptions {
  bool resume = false;  // go on from the run folder's newest checkpoint
  bool show_progress = false;
  std::function<bool()> stop;  // asked after every step; true: checkpoint, then throw Interrupted
};

// Counts and time of the whole run, the parts before a resume included.
struct TrainReport {
  int64_t steps = 0;
  int64_t samples = 0;
  double seconds = 0;
  std::optional<metrics::Evaluation> validation;  // of the model that was kept
};

// Trains config.model on the data set in config.data.path, into run folder config.train.run:
//   config.yaml, metrics.jsonl, events.out.tfevents.* (the same for TensorBoard), checkpoints/step-<n>.pt
//   (newest kept), checkpoints/model.pt (what export and evaluate read: the best by early_stop.metric, else
//   the last), calibration.json where config.calibration asks for it (calibrate.h).
// Where config.data is not what the data set was made with (esmm/train/compare_configs.h), throws
// ConfigError; what the run keeps as section data is the data set's own. Starting over in a folder that holds
// a run, or resuming with another model or data set, throws Error. Resuming a finished run changes nothing
// and says so. The same seed and threads give the same bits, resumed or not (docs/gpu.md has an exception).
TrainReport train(const Config& config, const TrainOptions& options);

// A trained model of a run folder, which stands alone: its data set need not be there any more.
struct Run {
  Config config;
  std::shared_ptr<Method> model;  // on the CPU, in eval mode
  Schema schema;
  std::vector<int64_t> vocabulary;  // sorted keys; empty in hashed mode
  int64_t table_rows = 0;
  std::string dataset;                   // fingerprint of the data set; "" in files of older versions
  std::string digest{};                  // of the model's file (model_file.h)
  calibration::Calibration calibration;  // what is done to the model's probabilities
};
// Throws Error where the folder holds no model, or a damaged one.
Run load_run(const std::filesystem::path& run);

// Predictions for a whole split, in split order.
struct Scores {
  std::vector<float> p_ctr, p_cvr, p_ctcvr;
};
inline constexpr int64_t kScoringBatch = 4096;
// The model is on `device`; it is put into eval mode meanwhile.
Scores score_split(Method& model, const data::Split& split, int64_t batch_size, const torch::Device& device);

// What a run's model says, on the run's threads. The model is moved to `device`.
Scores model_scores(const Run& run, const data::Split& split, const torch::Device& device);

// What a run says: that, calibrated as the run is.
Scores score_run(const Run& run, const data::Split& split, const torch::Device& device);

// Measures scores of a split against its labels, groups and truth.
metrics::Evaluation evaluate_scores(const Scores& scores, const data::Split& split);

// Scores and measures a split.
metrics::Evaluation evaluate_split(Method& model, const data::Split& split, const torch::Device& device);

struct SplitEvaluation {
  std::string model;  // Run::digest of what was measured
  metrics::Evaluation evaluation{};
  calibration::Calibration calibration{};             // that was measured
  std::optional<metrics::Evaluation> uncalibrated{};  // of the model alone, where the run is calibrated
  Scores scores{};
  std::string not_held_out{};  // run_data.h: check_data_of
};
// evaluation.json's text: that of `evaluation`, and `model`; where the run is calibrated, `calibration` and
// `uncalibrated` under keys of their own; `not_held_out` where there is something to say.
std::string to_json(const SplitEvaluation& evaluation);

// Scores and measures a split with a run, whose model is moved to `device`. With a data set, throws where it
// is of another vocabulary and warns where it is not the run's (run_data.h); without, the split is known to
// be of the run's.
SplitEvaluation evaluate_run(const Run& run, const data::Dataset& dataset, const data::Split& split,
                             const torch::Device& device);
SplitEvaluation evaluate_run(const Run& run, const data::Split& split, const torch::Device& device);

// The device that a config asks for. auto: cuda:0 where there is one, else cpu. Throws Error for one that is
// not there.
torch::Device select_device(const std::string& name);

// Until a device has done all that was asked of it; a CPU has.
void wait_for(const torch::Device& device);

}  // namespace esmm::train
