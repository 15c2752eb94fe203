#include <fmt/core.h>

#include <memory>

#include "apps/esmm/commands.h"
#include "apps/esmm/config_options.h"
#include "esmm/config/config.h"

namespace esmm::apps {

Command add_config(CLI::App& app, const GlobalOptions&) {
  struct Options {
    ConfigOptions config;
    bool document = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("config", "Check a config and print it with every default, or explain every key");
  options->config.add_to(*command);
  command->get_option("config")->required(false);
  command->add_flag("--document", options->document, "Print what every key means, as Markdown");
  return [options, command] {
    if (options->document) {
      fmt::print("{}", document_config());
    } else if (options->config.file.empty()) {
      throw CLI::RequiredError("config");
    } else {
      fmt::print("{}", dump_config(options->config.load()));
    }
  };
}

}  // namespace esmm::apps
