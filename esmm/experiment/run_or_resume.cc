#include "esmm/experiment/run_or_resume.h"

#include <string>
#include <utility>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/experiment/load_config.h"
#include "esmm/train/compare_configs.h"
#include "esmm/train/files/run_folder.h"
#include "esmm/train/threads.h"
#include "esmm/train/training.h"

namespace esmm::experiment {
namespace {

constexpr const char* kGoOn = "the same command goes on from there";

}  // namespace

void require_agreement(const Config& config, Length length) {
  const train::RunFolder folder(config.train.run);
  if (!std::filesystem::exists(folder.config())) return;
  Config saved = parse_config(read_file(folder.config()), folder.config().string(), folder.path());
  if (length == Length::any) saved.train.max_steps = config.train.max_steps;
  try {
    train::require_same_result(saved, config);
  } catch (const ConfigError& error) {
    throw behind(folder.path().string(), error);
  }
}

train::TrainReport run_or_resume(const Config& config, const train::TrainingData& data,
                                 const RunOptions& options) {
  train::use_threads(config.train);
  const train::TrainOptions train_options{.resume = train::RunFolder(config.train.run).holds_run(),
                                          .show_progress = options.show_progress,
                                          .stop = options.stop};
  try {
    return train::Training(config, data, train_options).run();
  } catch (const Interrupted& interrupted) {
    Problem problem = interrupted.problems().front();
    problem.hint = kGoOn;
    throw Interrupted(std::move(problem));
  }
}

void require_own_folder(const std::filesystem::path& out) {
  const train::RunFolder folder(out);
  folder.require_no_dataset();
  if (!folder.holds_run()) return;
  throw Error({.what = "is a run's folder",
               .where = out.string(),
               .expected = "a folder for the results and the runs below it",
               .hint = "choose another folder with --out"});
}

void stop_if_wanted(const RunOptions& options, const std::filesystem::path& where) {
  if (!options.stop || !options.stop()) return;
  throw Interrupted({.what = "interrupted between two runs", .where = where.string(), .hint = kGoOn});
}

}  // namespace esmm::experiment
