#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>

#include "esmm/config/config.h"
#include "esmm/model/method.h"
#include "esmm/train/batches/resident_split.h"
#include "esmm/train/files/run_folder.h"
#include "esmm/train/training_data.h"

// What a run (training.h) makes sure of, and makes, before its first step.
namespace esmm::train {

// The config. Throws Error where the data has no validation split that it wants, or one on which the metric
// that is watched is undefined or that has too little to fit a calibration to.
const Config& checked(const Config& config, const TrainingData& data);

// The device that the config names. Warns of what it is no good at.
torch::Device usable_device(const TrainConfig& config);

// The run's folder. Throws Error where a new run would write over another, or there is none to resume.
RunFolder usable_folder(const TrainConfig& config, bool resume);

bool users_apart(const TrainConfig& config);

// Where data.placement is device: the split, counted and not loaded yet.
std::optional<ResidentSplit> resident_split(const Config& config, const data::Split& split);

// Throws Error where so many bytes of the device's memory are too few: for the model, for the resident split
// beside it. On a CPU the split alone is refused, and the model's memory counts as taken: without the split,
// the system swaps where memory is short.
void require_all_fits(const Method& model, const Config& config, const std::optional<ResidentSplit>& resident,
                      int64_t free_bytes, const torch::Device& device);

// On its device, where all fits.
std::shared_ptr<Method> new_model(const Config& config, const TrainingData& data,
                                  const std::optional<ResidentSplit>& resident, const torch::Device& device);

// before: of the run that is resumed.
void warn_of_moved_schedule(const TrainConfig& before, const TrainConfig& now);

}  // namespace esmm::train
