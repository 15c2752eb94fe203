#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/esmm/config_options.h"
#include "esmm/core/error.h"
#include "esmm/experiment/entries.h"

namespace esmm::apps {

// CONFIG, --set and --out of the commands that train many runs.
struct ExperimentOptions {
  ConfigOptions config;
  std::filesystem::path out;

  void add_to(CLI::App& command, const std::string& key) {
    config.add_to(command);
    command.add_option("--out", out, "Folder of the results and the runs; default: " + key);
  }

  // threads 0: what the config says.
  experiment::LoadConfig loader(int threads) const {
    return [options = config, threads](const std::vector<std::string>& overrides) {
      ConfigOptions all = options;
      if (threads > 0) all.overrides.push_back("train.threads=" + std::to_string(threads));
      all.overrides.insert(all.overrides.end(), overrides.begin(), overrides.end());
      return all.load();
    };
  }

  // --out, or what the config's key says.
  std::filesystem::path folder(const std::filesystem::path& of_config, const std::string& key) const {
    if (!out.empty()) return std::filesystem::absolute(out);
    if (!of_config.empty()) return of_config;
    throw ConfigError({.what = "missing", .where = key, .hint = "give it in the config, or give --out"});
  }
};

}  // namespace esmm::apps
