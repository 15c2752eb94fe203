#include "esmm/experiment/tune.h"

#include <fmt/format.h>

#include <numeric>
#include <utility>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/core/log.h"
#include "esmm/experiment/rung_file.h"
#include "esmm/train/files/run_folder.h"
#include "esmm/train/finite.h"
#include "esmm/train/plan.h"

namespace esmm::experiment {
namespace {

class Tuning {
 public:
  Tuning(const TunePlan& plan, const train::TrainingData& data, const RunOptions& options)
      : plan_(plan), data_(data), options_(options), tune_(plan.config.tune) {
    if (data.validation == nullptr) {
      throw ConfigError({.what = "tune needs a validation split",
                         .where = plan.config.data.path.string(),
                         .hint = "give data.split a validation part and prepare again"});
    }
    found_ = {.config = dump_config(plan.config),
              .fingerprint = data.fingerprint,
              .tune = tune_,
              .rungs = rungs_of(tune_),
              .trials = {}};
    for (const Trial& trial : plan.trials) found_.trials.push_back({.trial = trial, .rungs = {}});
  }

  SearchResult run() {
    require_own_folder(plan_.out);
    check_folders();
    std::vector<size_t> going_on(found_.trials.size());
    std::iota(going_on.begin(), going_on.end(), 0);
    for (const Rung& rung : found_.rungs) {
      going_on.resize(std::min(going_on.size(), static_cast<size_t>(rung.trials)));
      for (const size_t trial : going_on) {
        look_at(trial, rung);
        write_file(plan_.out / "trials.json", to_json(found_));
      }
      going_on = with_score(found_.ranking(), going_on.size());
    }
    write_best();
    return std::move(found_);
  }

 private:
  // The trial's config for one seed, as far as a rung trains it.
  Config config_of(size_t trial, int64_t seed, const Rung& rung) const {
    Config config = plan_.configs[trial];
    config.train.run =
        plan_.out / fmt::format("trial-{}", plan_.trials[trial].number) / fmt::format("seed-{}", seed);
    config.train.seed = static_cast<uint64_t>(seed);
    config.train.max_steps = steps_of(rung.share, train::Plan(config.train, data_.train.size()).total_steps);
    return config;
  }

  void check_folders() const {
    for (size_t trial = 0; trial < found_.trials.size(); ++trial) {
      for (int64_t seed = 1; seed <= tune_.seeds_per_trial; ++seed)
        require_agreement(config_of(trial, seed, found_.rungs.back()), Length::any);
    }
  }

  void look_at(size_t trial, const Rung& rung) {
    TriedRung look;
    std::vector<metrics::Value> values;
    std::vector<uint64_t> seeds;
    for (int64_t seed = 1; seed <= tune_.seeds_per_trial; ++seed) {
      const Config config = config_of(trial, seed, rung);
      const RungResult result = result_of(config, trial);
      look.steps = config.train.max_steps;
      look.train_seconds += result.train_seconds;
      values.push_back(result.value(tune_.metric));
      seeds.push_back(config.train.seed);
    }
    look.score = summarise(std::move(values), seeds);
    found_.trials[trial].rungs.push_back(std::move(look));
  }

  RungResult result_of(const Config& config, size_t trial) const {
    const std::filesystem::path file = rung_file(config.train.run, config.train.max_steps);
    if (!std::filesystem::exists(file)) {
      stop_if_wanted(options_, plan_.out);
      log::info("trial {} of {}, seed {}, {} steps: {}", plan_.trials[trial].number, plan_.trials.size(),
                config.train.seed, config.train.max_steps, fmt::join(plan_.trials[trial].set, ", "));
      const RungResult result = trained(config);
      write_rung(file, result);
      return result;
    }
    RungResult result = read_rung(file);
    train::require_same_dataset(config, result.dataset, found_.fingerprint);
    return result;
  }

  RungResult trained(const Config& config) const {
    require_not_beyond(config);
    RungResult result{.dataset = found_.fingerprint, .train_seconds = 0, .validation = {}, .failure = {}};
    try {
      const train::TrainReport report = run_or_resume(config, data_, options_);
      result.train_seconds = report.seconds;
      result.validation = metrics::to_json(report.validation.value());
    } catch (const train::Diverged& diverged) {
      result.failure = diverged.problems().front().what;
      log::warn("{}: {}", config.train.run.string(), result.failure);
    }
    return result;
  }

  // What a run was after fewer steps than it has now cannot be said any more.
  static void require_not_beyond(const Config& config) {
    const auto newest = train::RunFolder(config.train.run).newest_step();
    if (!newest || *newest <= config.train.max_steps) return;
    throw ConfigError(
        {.what = "was trained further than this search looks first",
         .where = config.train.run.string(),
         .expected = fmt::format("at most {} steps", config.train.max_steps),
         .got = std::to_string(*newest),
         .hint = "set tune.trials and tune.keep_one_of back, or choose another folder with --out"});
  }

  // Of those that came as far as the rung that was just looked at.
  std::vector<size_t> with_score(std::vector<size_t> ranking, size_t looked_at) const {
    ranking.resize(looked_at);
    std::erase_if(ranking,
                  [&](size_t trial) { return !found_.trials[trial].rungs.back().score.mean.number; });
    return ranking;
  }

  void write_best() const {
    const auto best = found_.best();
    if (!best) {
      throw Error({.what = fmt::format("no trial has a {} on the validation split", tune_.metric),
                   .where = (plan_.out / "trials.json").string(),
                   .hint = "narrow tune.ranges, or choose another tune.metric"});
    }
    const TriedTrial& tried = found_.trials[*best];
    Config config = plan_.configs[*best];
    config.train.run = plan_.out / "best";
    config.compare = plan_.config.compare;
    write_file(plan_.out / "best.yaml",
               fmt::format("# Trial {} of {}, {} {:.5f} on the validation split: {}\n{}", tried.trial.number,
                           found_.trials.size(), tune_.metric, *tried.rungs.back().score.mean.number,
                           fmt::join(tried.trial.set, ", "), dump_config(config)));
  }

  const TunePlan& plan_;
  const train::TrainingData& data_;
  const RunOptions& options_;
  const TuneConfig& tune_;
  SearchResult found_;
};

}  // namespace

SearchResult tune(const TunePlan& plan, const train::TrainingData& data, const RunOptions& options) {
  return Tuning(plan, data, options).run();
}

}  // namespace esmm::experiment
