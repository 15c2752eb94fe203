#include <array>
#include <utility>
#include <vector>

#include "apps/esmm/commands.h"
#include "apps/support/run_main.h"
#include "apps/support/tune_process.h"
#include "esmm/core/log.h"

using namespace esmm::apps;  // NOLINT: the program's own

int main(int argc, char** argv) {
  tune_process(argv);
  CLI::App app{"Train, evaluate and export the Entire Space Multi-Task Model for click and conversion logs.",
               "esmm"};
  app.require_subcommand(0, 1);  // checked below: an unknown command is to be named first
  app.fallthrough();

  GlobalOptions global;
  app.add_option("--threads", global.threads, "Intra-op threads; 0: what the config says")
      ->check(CLI::Range(0, 4096));
  app.add_flag("--quiet", global.quiet, "Warnings and errors only");
  app.add_option("--log-level", global.log_level, "debug, info, warn, error or off")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}));

  using Add = Command (*)(CLI::App&, const GlobalOptions&);
  const std::array<std::pair<const char*, Add>, 12> known{{{"generate", add_generate},
                                                           {"prepare", add_prepare},
                                                           {"train", add_train},
                                                           {"evaluate", add_evaluate},
                                                           {"calibrate", add_calibrate},
                                                           {"compare", add_compare},
                                                           {"report", add_report},
                                                           {"tune", add_tune},
                                                           {"export", add_export},
                                                           {"predict", add_predict},
                                                           {"inspect", add_inspect},
                                                           {"config", add_config}}};
  std::vector<std::pair<const char*, Command>> commands;
  for (const auto& [name, add] : known) commands.emplace_back(name, add(app, global));

  return run_main(app, argc, argv, [&] {
    if (app.get_subcommands().empty()) throw CLI::RequiredError("A command");
    esmm::log::start(global.quiet ? "warn" : global.log_level);
    for (const auto& [name, run] : commands) {
      if (app.got_subcommand(name)) run();
    }
  });
}
