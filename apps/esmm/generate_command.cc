#include <fmt/core.h>

#include <filesystem>
#include <memory>

#include "apps/esmm/commands.h"
#include "esmm/data/generate/generate.h"

namespace esmm::apps {

Command add_generate(CLI::App& app, const GlobalOptions& global) {
  struct Options {
    std::filesystem::path out;
    data::GenerateOptions generate;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("generate", "Write logs in Ali-CCP's layout whose true pCTR and pCVR are known");
  command->add_option("--out", options->out, "Folder for the logs")->required();
  data::GenerateOptions& generate = options->generate;
  command->add_option("--impressions", generate.impressions, "Impressions of both splits")
      ->capture_default_str();
  command->add_option("--users", generate.users, "Users")->capture_default_str();
  command->add_option("--items", generate.items, "Items")->capture_default_str();
  command
      ->add_option("--test-fraction", generate.test_fraction,
                   "Share of the impressions, the last ones, for testing")
      ->capture_default_str();
  command->add_option("--ctr", generate.ctr, "Mean true pCTR")->capture_default_str();
  command->add_option("--cvr", generate.cvr, "Mean true pCVR over all impressions")->capture_default_str();
  command
      ->add_option("--selection-bias", generate.selection_bias,
                   "Correlation of what makes people click with what makes them convert")
      ->capture_default_str();
  command->add_option("--seed", generate.seed, "Seed")->capture_default_str();
  return [options, &global] {
    const data::GenerateReport report =
        data::generate(options->generate, options->out, global.show_progress());
    fmt::print("generated {} impressions, {} clicks, {} conversions in {}\n", report.impressions,
               report.clicks, report.conversions, options->out.string());
  };
}

}  // namespace esmm::apps
