#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "esmm/config/config.h"
#include "esmm/core/error.h"
#include "esmm/model/method.h"

namespace esmm::apps {

// CONFIG and --set of the commands that take a config.
struct ConfigOptions {
  std::filesystem::path file;
  std::vector<std::string> overrides;
  std::string command_name;

  void add_to(CLI::App& command) {
    command_name = command.get_name();
    command.add_option("config", file, "YAML config; see docs/config.md")->required();
    command.add_option("--set", overrides, "Overrides a key of the config, as in train.epochs=2")
        ->type_name("KEY=VALUE");
  }
  Config load() const {
    std::error_code unreadable;  // load_config says so
    if (std::filesystem::is_directory(file, unreadable)) refuse_folder();
    return load_config(file, overrides, method_names());
  }

 private:
  [[noreturn]] void refuse_folder() const {
    const std::filesystem::path config = file / "config.yaml";
    std::error_code unreadable;
    const bool run = std::filesystem::exists(config, unreadable);
    throw ConfigError({.what = "is no config",
                       .where = file.string(),
                       .expected = "a YAML file",
                       .got = run ? "the folder of a run" : "a folder",
                       .hint = run ? "give its config: esmm " + command_name + " " + config.string() +
                                         (command_name == "train" ? " --resume, or --run for a new run" : "")
                                   : "give the config, as in my.yaml"});
  }
};

}  // namespace esmm::apps
