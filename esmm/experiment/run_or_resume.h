#pragma once

#include <filesystem>
#include <functional>

#include "esmm/config/config.h"
#include "esmm/train/trainer.h"
#include "esmm/train/training_data.h"

namespace esmm::experiment {

// How an experiment's runs are trained.
struct RunOptions {
  bool show_progress = false;
  std::function<bool()> stop;  // asked after every step and between runs; true: Interrupted
};

// Whether train.max_steps must agree too.
enum class Length { same, any };

// Throws ConfigError, a problem per key, where the folder config.train.run holds a run whose model.* or
// train.* differ, but for run, device, threads, loader_threads and how often to log and checkpoint. Keys that
// the saved config lacks count with their defaults.
void require_agreement(const Config& config, Length length = Length::same);

// Trains the run of config.train.run from where it stands: from the start, from its checkpoint, or not at all
// where it is finished. Whether the run that is there agrees is for the caller to ask. Throws as
// train::train; Interrupted says that the same command goes on.
train::TrainReport run_or_resume(const Config& config, const train::TrainingData& data,
                                 const RunOptions& options);

// Throws Error where a folder for results holds a data set or is a run's.
void require_own_folder(const std::filesystem::path& out);

// Throws Interrupted where a stop is wanted. where: what is left to do.
void stop_if_wanted(const RunOptions& options, const std::filesystem::path& where);

}  // namespace esmm::experiment
