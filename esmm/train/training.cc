#include "esmm/train/training.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/core/log.h"
#include "esmm/train/batches/loader.h"
#include "esmm/train/calibrate.h"
#include "esmm/train/compare_configs.h"
#include "esmm/train/diverged.h"
#include "esmm/train/finite.h"
#include "esmm/train/schedule.h"
#include "esmm/train/threads.h"
#include "esmm/train/training_start.h"

namespace esmm::train {
namespace {

std::string text_of(const metrics::Value& value) {
  return value.number ? fmt::format("{:.4f}", *value.number) : "undefined (" + value.reason + ")";
}

}  // namespace

Training::Training(const Config& config, const TrainingData& data, const TrainOptions& options)
    : config_(checked(config, data)),
      data_(data),
      options_(options),
      device_(usable_device(config.train)),
      folder_(usable_folder(config.train, options.resume)),
      plan_(config.train, data.train.size()),
      model_data_{.config = dump_config(config),
                  .schema = data.schema,
                  .vocabulary = data.vocabulary,
                  .table_rows = data.table_rows,
                  .dataset = data.fingerprint},
      resident_(resident_split(config, data.train)),
      learner_(new_model(config, data, resident_, device_), config.train) {}

TrainReport Training::run() {
  if (options_.resume) {
    resume();
  } else {
    start_over();
  }
  clock_.start(state_.seconds, plan_.samples_after(state_.step));
  if (finished()) {
    if (wants_first_validation()) {  // max_steps was lowered: end here
      validate();
      save();
    }
    if (state_.step > plan_.total_steps) {
      log::warn(
          "{} has made {} steps, more than the {} that train.epochs and train.max_steps now ask for: "
          "nothing is changed",
          folder_.path().string(), state_.step, plan_.total_steps);
    } else {
      log::info("{} is finished, nothing to resume: {}", folder_.path().string(), where_it_is());
    }
  } else {
    train_steps();
    resident_.reset();  // its memory is free for a calibration
    log::info("trained {}", where_it_is());
    if (!diverged_.empty()) {
      log::warn(
          "the last losses are far above those of predicting the base rates: {}; lower "
          "train.towers.learning_rate or train.table.learning_rate, or train longer",
          diverged_);
    }
  }
  const bool wanted = config_.calibration.method != CalibrationMethod::none;
  if (wanted && !std::filesystem::exists(folder_.calibration()))
    calibrate_run(load_run(folder_.path()), *data_.validation, device_);
  return report();
}

void Training::start_over() {
  write_file(folder_.config(), model_data_.config);
  metrics_.emplace(folder_.metrics(), 0);
}

void Training::resume() {
  if (const auto newest = folder_.newest_step()) {
    const std::filesystem::path path = folder_.checkpoint(*newest);
    const Checkpoint checkpoint = read_checkpoint(path);
    const Config saved = parse_config(checkpoint.config, path.string(), folder_.path());
    require_same_run(saved, config_);
    require_same_dataset(config_, checkpoint.dataset, data_.fingerprint);
    copy_tensors(checkpoint.tensors, learner_.tensors(), path.string());
    state_ = checkpoint.state;
    losses_.restore(state_.loss_sums, state_.loss_samples);
    if (!finished()) {
      warn_of_moved_schedule(saved.train, config_.train);
      log::info("going on from step {}", state_.step);
    }
  } else {
    log::info("{} holds no checkpoint yet: starting over", folder_.path().string());
  }
  if (!finished() || wants_first_validation()) write_file(folder_.config(), model_data_.config);
  metrics_.emplace(folder_.metrics(), state_.step);
}

bool Training::finished() const {
  return state_.step >= plan_.total_steps || out_of_patience(state_.best, config_.train.early_stop);
}

std::unique_ptr<const BatchSource> Training::batch_source() {
  if (!resident_) return split_source(data_.train, users_apart(config_.train), device_);
  const double begin = clock_.seconds();
  log::info("keeping the training split in memory: {} impressions, {:.1f} MiB on {}", resident_->size(),
            static_cast<double>(resident_->bytes()) / (1 << 20), device_.str());
  resident_->load(device_);
  clock_.leave_out_since(begin);
  return resident_source(*resident_, device_);
}

void Training::train_steps() {
  log::info("training {} on {}: {} steps of {} impressions; threads: {}", config_.model.method, device_.str(),
            plan_.total_steps, plan_.batch_size, threads_in_words(config_.train, device_));
  const int64_t samples_before = plan_.samples_after(state_.step);
  std::unique_ptr<const BatchSource> source = batch_source();
  progress_.emplace("train", "samples", plan_.samples_after(plan_.total_steps) - samples_before,
                    options_.show_progress);
  Loader loader(std::move(source), {.batch_size = plan_.batch_size,
                                    .first_step = state_.step,
                                    .last_step = plan_.total_steps,
                                    .shuffle = config_.train.shuffle,
                                    .seed = config_.train.seed,
                                    .window = config_.train.shuffle_window,
                                    .impressions_per_user = config_.train.impressions_per_user,
                                    .threads = loader_threads(config_.train, device_)});
  while (!finished()) {
    const std::optional<TensorBatch> batch = loader.next();
    if (!batch) throw InternalError("the loader ended before the run");
    const double factor = learning_rate_factor(config_.train, plan_.steps_per_epoch, state_.step);
    losses_.add(learner_.step(*batch, state_.step, factor), batch->size);
    ++state_.step;
    progress_->update(plan_.samples_after(state_.step) - samples_before,
                      fmt::format("step {} of {}{}", state_.step, plan_.total_steps, note_));
    after_step();
  }
  progress_->finish();
}

void Training::after_step() {
  const TrainConfig& train = config_.train;
  if (state_.step == plan_.total_steps || state_.step % train.log_every_steps == 0) log_losses();
  if (data_.validation != nullptr && plan_.due(state_.step, train.validate_every_steps)) validate();
  const bool stop = !finished() && options_.stop && options_.stop();
  if (stop || finished() || plan_.due(state_.step, train.checkpoint_every_steps)) save();
  if (!stop) return;
  throw Interrupted({.what = fmt::format("interrupted at step {} of {}", state_.step, plan_.total_steps),
                     .where = folder_.path().string(),
                     .hint = "the same command with --resume goes on from there"});
}

void Training::log_losses() {
  wait_for(device_);  // steps that are still to be done take time, too
  TrainRecord line = record();
  line.losses = losses_.sums();
  double loss = 0;
  for (auto& [term, value] : line.losses) loss += value /= static_cast<double>(losses_.samples());
  require_finite_losses(line.losses, state_.step, folder_.path());
  diverged_ = far_above_base_rate(line.losses, losses_.samples(), data_.train.counts(), config_.data.labels,
                                  config_.model.loss_weights);
  line.samples_per_second = clock_.samples_per_second(line.seconds, line.samples);
  metrics_->write(line);
  note_ = fmt::format(", loss {:.4f}", loss);
  losses_.reset();
}

void Training::validate() {
  wait_for(device_);
  const double begin = clock_.seconds();
  if (progress_) progress_->finish();
  require_finite_parameters(model_tensors(learner_.model()), state_.step, folder_.path());
  const metrics::Evaluation validation = evaluate_split(learner_.model(), *data_.validation, device_);
  metrics_->write(record(), validation);
  log::info("step {}: validation AUC ctr {}, cvr {}, ctcvr {}", state_.step, text_of(validation.ctr.auc),
            text_of(validation.cvr.auc), text_of(validation.ctcvr.auc));
  const EarlyStopConfig& watched = config_.train.early_stop;
  if (watched.metric.empty()) {
    kept_validation_ = validation;
  } else if (update_best(state_.best, watched, validation, state_.step)) {
    kept_validation_ = validation;
    keep_model();
  }
  clock_.leave_out_since(begin);
}

void Training::save() {
  wait_for(device_);
  const double begin = clock_.seconds();
  state_.seconds = begin;
  state_.loss_sums = losses_.sums();
  state_.loss_samples = losses_.samples();
  require_finite_losses(state_.loss_sums, state_.step, folder_.path());
  require_finite_parameters(model_tensors(learner_.model()), state_.step, folder_.path());
  if (config_.train.early_stop.metric.empty()) keep_model();
  write_checkpoint(folder_.checkpoint(state_.step), {.state = state_,
                                                     .config = model_data_.config,
                                                     .dataset = data_.fingerprint,
                                                     .tensors = learner_.tensors()});
  folder_.keep_only(state_.step);
  clock_.leave_out_since(begin);
}

void Training::keep_model() {
  if (std::filesystem::remove(folder_.calibration()) && options_.resume)  // it was another model's
    log::info("{} was another model's and is gone", folder_.calibration().string());
  write_model(folder_.model(), learner_.model(), model_data_);
}

TrainReport Training::report() {
  const double took = clock_.seconds();
  if (data_.validation != nullptr && !kept_validation_) {  // the kept model is of an earlier part of the run
    read_parameters(folder_.model(), learner_.model());
    kept_validation_ = evaluate_split(learner_.model(), *data_.validation, device_);
  }
  return {.steps = state_.step,
          .samples = plan_.samples_after(state_.step),
          .seconds = took,
          .validation = kept_validation_};
}

TrainRecord Training::record() const {
  const double factor = learning_rate_factor(config_.train, plan_.steps_per_epoch, state_.step - 1);
  return {.step = state_.step,
          .epoch = plan_.epoch_of(state_.step),
          .samples = plan_.samples_after(state_.step),
          .losses = {},
          .learning_rate = factor * config_.train.towers.learning_rate,
          .table_learning_rate = factor * config_.train.table.learning_rate,
          .seconds = clock_.seconds()};
}

std::string Training::where_it_is() const {
  const std::string place = fmt::format("{} of {} steps, epoch {} of {}", state_.step, plan_.total_steps,
                                        plan_.epoch_of(state_.step), config_.train.epochs);
  const EarlyStopConfig& watched = config_.train.early_stop;
  if (!state_.best.value) return place;
  return fmt::format("{}; kept the model of step {}, {} {:.4f}", place, state_.best.step, watched.metric,
                     *state_.best.value);
}

}  // namespace esmm::train
