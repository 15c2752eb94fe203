#include <fmt/core.h>

#include <filesystem>
#include <memory>

#include "apps/esmm/commands.h"
#include "apps/esmm/config_options.h"
#include "apps/esmm/stop_on_signals.h"
#include "esmm/train/trainer.h"

namespace esmm::apps {
Command add_train(CLI::App& app, const GlobalOptions& global) {
  struct Options {
    ConfigOptions config;
    std::filesystem::path run;
    std::string device;
    train::TrainOptions train;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("train", "Train a model on a prepared data set");
  options->config.add_to(*command);
  command->add_option("--run", options->run, "Run folder; default: the config's train.run");
  command->add_option("--device", options->device, "auto, cpu, or a LibTorch device as in cuda:0");
  command->add_flag("--resume", options->train.resume, "Go on from the run folder's newest checkpoint");
  return [options, &global] {
    if (!options->device.empty()) options->config.overrides.push_back("train.device=" + options->device);
    Config config = options->config.load();
    if (!options->run.empty()) config.train.run = std::filesystem::absolute(options->run);
    if (global.threads > 0) config.train.threads = global.threads;
    options->train.show_progress = global.show_progress();
    options->train.stop = stop_on_signals();
    const train::TrainReport report = train::train(config, options->train);
    fmt::print("trained {} steps, {} samples in {:.1f} s\n", report.steps, report.samples, report.seconds);
    fmt::print("run: {}\n", config.train.run.string());
  };
}

}  // namespace esmm::apps
