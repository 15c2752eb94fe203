#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace esmm::apps {

// Options that stand before or behind every command.
struct GlobalOptions {
  int threads = 0;  // 0: what the config or LibTorch says
  bool quiet = false;
  std::string log_level = "info";

  bool show_progress() const { return !quiet; }
};

// Each adds one subcommand and returns what it runs once the command line is parsed.
using Command = std::function<void()>;
Command add_generate(CLI::App& app, const GlobalOptions& global);
Command add_prepare(CLI::App& app, const GlobalOptions& global);
Command add_train(CLI::App& app, const GlobalOptions& global);
Command add_evaluate(CLI::App& app, const GlobalOptions& global);
Command add_calibrate(CLI::App& app, const GlobalOptions& global);
Command add_compare(CLI::App& app, const GlobalOptions& global);
Command add_tune(CLI::App& app, const GlobalOptions& global);
Command add_export(CLI::App& app, const GlobalOptions& global);
Command add_predict(CLI::App& app, const GlobalOptions& global);
Command add_report(CLI::App& app, const GlobalOptions& global);
Command add_inspect(CLI::App& app, const GlobalOptions& global);
Command add_config(CLI::App& app, const GlobalOptions& global);

}  // namespace esmm::apps
