#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "esmm/config/config.h"
#include "esmm/model/method.h"

namespace esmm::apps {

// CONFIG and --set of the commands that take a config.
struct ConfigOptions {
  std::filesystem::path file;
  std::vector<std::string> overrides;

  void add_to(CLI::App& command) {
    command.add_option("config", file, "YAML config; see docs/config.md")->required();
    command.add_option("--set", overrides, "Overrides a key of the config, as in train.epochs=2")
        ->type_name("KEY=VALUE");
  }
  Config load() const { return load_config(file, overrides, method_names()); }
};

}  // namespace esmm::apps
