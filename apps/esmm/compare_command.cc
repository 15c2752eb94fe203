#include <fmt/core.h>

#include <memory>
#include <string>
#include <vector>

#include "apps/esmm/commands.h"
#include "apps/esmm/experiment_options.h"
#include "apps/esmm/stop_on_signals.h"
#include "esmm/experiment/compare.h"
#include "esmm/train/training_data.h"

namespace esmm::apps {
namespace {

struct CompareOptions {
  ExperimentOptions experiment;
  std::vector<std::string> methods;
  int64_t seeds = 0;  // 0: what the config says
};

void compare(const CompareOptions& options, const GlobalOptions& global) {
  const experiment::LoadConfig load = options.experiment.loader(global.threads);
  experiment::ComparePlan plan{.entries = experiment::entries_of(load, options.methods, method_names()),
                               .config = load({})};
  plan.seeds = options.seeds > 0 ? options.seeds : plan.config.compare.seeds;
  plan.out = options.experiment.folder(plan.config.compare.out, "compare.out");

  const std::function<bool()> stop = stop_on_signals();
  const data::Dataset dataset(plan.config.data.path);
  plan.config = train::with_data_of(dataset, plan.config);
  for (experiment::Entry& entry : plan.entries) entry.config = train::with_data_of(dataset, entry.config);
  const train::TrainingData training = train::training_data(dataset);
  const experiment::CellData data{
      .training = training, .test = dataset.split("test"), .fingerprint = training.fingerprint};
  const experiment::Comparison comparison =
      experiment::compare(plan, data, {.show_progress = global.show_progress(), .stop = stop});
  fmt::print("{}", experiment::summary_table(comparison));
  fmt::print("comparison: {}\n", (plan.out / "comparison.md").string());
}

}  // namespace

Command add_compare(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command =
      app.add_subcommand("compare", "Train methods over seeds and tabulate them on the test split");
  options->experiment.add_to(*command, "compare.out");
  command
      ->add_option(
          "--methods", options->methods,
          "Names of compare.entries or of methods, as in esmm,base; default: the entries, or every method")
      ->delimiter(',')
      ->transform([](const std::string& name) { return CLI::detail::trim_copy(name); });
  command->add_option("--seeds", options->seeds, "Seeds 1 to N; default: compare.seeds")
      ->check(CLI::Range(1, 1000));
  return [options, &global] { compare(*options, global); };
}

}  // namespace esmm::apps
