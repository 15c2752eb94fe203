#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "esmm/config/config.h"
#include "esmm/core/progress.h"
#include "esmm/train/batches/batch_source.h"
#include "esmm/train/batches/resident_split.h"
#include "esmm/train/files/checkpoint.h"
#include "esmm/train/files/metrics_file.h"
#include "esmm/train/files/model_file.h"
#include "esmm/train/files/run_folder.h"
#include "esmm/train/learner.h"
#include "esmm/train/loss_meter.h"
#include "esmm/train/plan.h"
#include "esmm/train/run_clock.h"
#include "esmm/train/trainer.h"
#include "esmm/train/training_data.h"

namespace esmm::train {

// One run, from its start or its newest checkpoint to its end. After each step, in this order: log, validate,
// checkpoint, stop; so a checkpoint of step n knows all that happened up to n.
class Training {
 public:
  // data and options outlive the object. Throws Error, before anything is written, where the run cannot be.
  Training(const Config& config, const TrainingData& data, const TrainOptions& options);

  // Once. Throws as train() does.
  TrainReport run();

 private:
  void start_over();
  void resume();
  bool finished() const;
  // A metric is watched, and was not measured yet.
  bool wants_first_validation() const {
    return !config_.train.early_stop.metric.empty() && state_.best.step == 0;
  }
  std::unique_ptr<const BatchSource> batch_source();
  void train_steps();
  void after_step();
  void log_losses();
  void validate();
  void save();
  void keep_model();
  TrainReport report();

  TrainRecord record() const;
  std::string where_it_is() const;

  Config config_;
  const TrainingData& data_;
  const TrainOptions& options_;
  torch::Device device_;
  RunFolder folder_;
  Plan plan_;
  ModelData model_data_;
  std::optional<ResidentSplit> resident_;  // none: data.placement is host
  Learner learner_;
  TrainState state_;
  LossMeter losses_;
  std::optional<MetricsFile> metrics_;
  std::optional<Progress> progress_;
  std::string diverged_;                                // losses of the last line that are too high, in words
  std::string note_;                                    // the last loss, behind the progress line
  std::optional<metrics::Evaluation> kept_validation_;  // of the model in model.pt
  RunClock clock_;
};

}  // namespace esmm::train
