#include "esmm/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "esmm/core/error.h"

namespace esmm::train {
namespace {

// How far the fall has come: 0 at its start, 1 at its end and after.
double fallen(Schedule schedule, double progress) {
  switch (schedule) {
    case Schedule::constant:
      return 0.0;
    case Schedule::linear:
      return progress;
    case Schedule::cosine:
      return (1.0 - std::cos(std::numbers::pi * progress)) / 2.0;
  }
  throw InternalError("unknown learning-rate schedule");
}

}  // namespace

double learning_rate_factor(const TrainConfig& config, int64_t steps_per_epoch, int64_t step) {
  const ScheduleConfig& schedule = config.schedule;
  if (step < schedule.warmup_steps) {
    return static_cast<double>(step + 1) / static_cast<double>(schedule.warmup_steps);
  }
  const double epochs =
      schedule.schedule_epochs > 0 ? schedule.schedule_epochs : static_cast<double>(config.epochs);
  const double steps =
      epochs * static_cast<double>(steps_per_epoch) - static_cast<double>(schedule.warmup_steps);
  const double done = static_cast<double>(step - schedule.warmup_steps);
  const double progress = steps > 0 ? std::min(done / steps, 1.0) : 1.0;
  return 1.0 - (1.0 - schedule.final_factor) * fallen(schedule.name, progress);
}

}  // namespace esmm::train
