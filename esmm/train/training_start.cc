#include "esmm/train/training_start.h"

#include "esmm/calibration/require_positives.h"
#include "esmm/core/available_memory.h"
#include "esmm/core/error.h"
#include "esmm/core/log.h"
#include "esmm/metrics/evaluation.h"
#include "esmm/ops/cuda/cuda_library.h"
#include "esmm/train/calibrate.h"
#include "esmm/train/device_limits.h"
#include "esmm/train/early_stop.h"
#include "esmm/train/memory_need.h"
#include "esmm/train/trainer.h"

namespace esmm::train {
namespace {

double base_rate(int64_t positives, int64_t rows) {
  return rows > 0 ? static_cast<double>(positives) / static_cast<double>(rows) : 0.0;
}

// What the device has left for a run. None on a CPU that reads its impressions from files: the system swaps
// where memory is short, and takes files' pages back.
std::optional<int64_t> free_memory(const torch::Device& device, bool resident) {
  if (device.is_cuda()) return ops::cuda_library().free_memory(device.index());
  return resident ? available_memory() : std::nullopt;
}

// Scores that leave no metric undefined which labels and groups alone do not.
Scores any_scores(int64_t size) {
  std::vector<float> rising(static_cast<size_t>(size));
  for (size_t i = 0; i < rising.size(); ++i)
    rising[i] = 0.25f + 0.5f * static_cast<float>(i) / static_cast<float>(rising.size());
  return {.p_ctr = rising, .p_cvr = rising, .p_ctcvr = rising};
}

void require_watchable(const EarlyStopConfig& config, const data::Split* validation) {
  if (config.metric.empty()) return;
  metrics::higher_is_better(config.metric);  // throws for an unknown one
  if (validation == nullptr) {
    throw Error({.what = "early stop needs a validation split",
                 .where = "train.early_stop.metric",
                 .got = "a data set without one",
                 .hint = "give data.split a validation part and prepare again, or leave the metric empty"});
  }
  watched(config, evaluate_scores(any_scores(validation->size()), *validation));
}

// What can be seen without a model: positives, and negatives. (Of pCTCVR's target, whose weights are a
// model's, all impressions stand for them.)
void require_fittable(const CalibrationConfig& config, const data::Split* validation) {
  require_held_out(config, validation != nullptr);
  if (config.method == CalibrationMethod::none) return;
  const std::vector<float> clicks = validation->clicks(), conversions = validation->conversions();
  const std::vector<float> ones(clicks.size(), 1);
  calibration::require_positives({.p = clicks, .weight = ones, .positive = clicks});
  calibration::require_positives(
      {.p = clicks, .weight = config.cvr == CvrTarget::clicks ? clicks : ones, .positive = conversions});
}

}  // namespace

const Config& checked(const Config& config, const TrainingData& data) {
  require_watchable(config.train.early_stop, data.validation);
  require_fittable(config.calibration, data.validation);
  return config;
}

torch::Device usable_device(const TrainConfig& config) {
  const torch::Device device = select_device(config.device);
  check_device_limits(config, device);
  return device;
}

RunFolder usable_folder(const TrainConfig& config, bool resume) {
  const RunFolder folder(config.run);
  if (resume) {
    folder.require_run();
  } else {
    folder.require_new();
  }
  return folder;
}

bool users_apart(const TrainConfig& config) { return config.impressions_per_user > 0; }

std::optional<ResidentSplit> resident_split(const Config& config, const data::Split& split) {
  if (config.data.placement == Placement::host) return std::nullopt;
  log::info("counting what the training split's {} impressions take in memory", split.size());
  return std::optional<ResidentSplit>(std::in_place, split, users_apart(config.train));
}

void require_all_fits(const Method& model, const Config& config, const std::optional<ResidentSplit>& resident,
                      int64_t free_bytes, const torch::Device& device) {
  const MemoryNeed need = memory_need(model, config, device);
  if (device.is_cuda()) require_memory(need, free_bytes, device.str());
  if (!resident) return;
  require_memory(
      {.impressions = resident->size(), .bytes = resident->bytes(), .batch_size = config.train.batch_size},
      need, free_bytes, device.str());
}

std::shared_ptr<Method> new_model(const Config& config, const TrainingData& data,
                                  const std::optional<ResidentSplit>& resident, const torch::Device& device) {
  const std::optional<int64_t> free_bytes = free_memory(device, resident.has_value());
  const data::SplitCounts& counts = data.train.counts();
  std::shared_ptr<Method> model = make_method(config.model,
                                              {.table_rows = data.table_rows,
                                               .schema = data.schema,
                                               .base_ctr = base_rate(counts.clicks, counts.impressions),
                                               .base_cvr = base_rate(counts.conversions, counts.clicks)},
                                              config.train.seed);
  if (free_bytes) require_all_fits(*model, config, resident, *free_bytes, device);
  model->to(device);
  return model;
}

void warn_of_moved_schedule(const TrainConfig& before, const TrainConfig& now) {
  const ScheduleConfig& schedule = now.schedule;
  if (schedule.name == Schedule::constant || schedule.schedule_epochs > 0 || before.epochs == now.epochs)
    return;
  log::warn(
      "train.epochs was {} and is {}: the learning rate's schedule spans the epochs and changes with them",
      before.epochs, now.epochs);
}

}  // namespace esmm::train
