#include <fmt/core.h>

#include <memory>

#include "apps/esmm/commands.h"
#include "apps/esmm/experiment_options.h"
#include "apps/esmm/stop_on_signals.h"
#include "esmm/experiment/tune.h"
#include "esmm/train/training_data.h"

namespace esmm::apps {
namespace {

void tune(const ExperimentOptions& options, const GlobalOptions& global) {
  const experiment::LoadConfig load = options.loader(global.threads);
  experiment::TunePlan plan{.config = load({}), .trials = {}, .configs = {}, .out = {}};
  const TuneConfig& tune = plan.config.tune;
  plan.out = options.folder(tune.out, "tune.out");
  experiment::check_ranges(tune, load);
  plan.trials = experiment::draw_trials(tune);
  plan.configs = experiment::configs_of(plan.trials, load);

  const std::function<bool()> stop = stop_on_signals();
  const data::Dataset dataset(plan.config.data.path);
  for (Config& config : plan.configs) config = train::with_data_of(dataset, config);
  const train::TrainingData data = train::training_data(dataset);
  const experiment::SearchResult result =
      experiment::tune(plan, data, {.show_progress = global.show_progress(), .stop = stop});
  fmt::print("{}", experiment::trials_table(result));
  fmt::print("best: {}\n", (plan.out / "best.yaml").string());
}

}  // namespace

Command add_tune(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<ExperimentOptions>();
  CLI::App* command = app.add_subcommand("tune", "Search settings by the validation split: a config");
  options->add_to(*command, "tune.out");
  return [options, &global] { tune(*options, global); };
}

}  // namespace esmm::apps
