#include <fmt/core.h>

#include <filesystem>
#include <memory>

#include "apps/esmm/commands.h"
#include "apps/esmm/config_options.h"
#include "apps/esmm/print_rejected.h"
#include "apps/esmm/stop_on_signals.h"
#include "esmm/data/prepare/prepare.h"

namespace esmm::apps {
namespace {

void print_report(const data::PrepareReport& report, const std::filesystem::path& out) {
  for (const char* split : {"train", "validation", "test"}) {
    const auto found = report.splits.find(split);
    if (found == report.splits.end()) continue;
    fmt::print("{:<10} {:>11} impressions {:>10} clicks {:>9} conversions\n", split,
               found->second.impressions, found->second.clicks, found->second.conversions);
  }
  fmt::print("lines read {}, left out by the split {}, table rows {}\n", report.lines_read, report.left_out,
             report.table_rows);
  for (const auto& [source, count] : report.unmatched)
    fmt::print("training impressions without a row in {}: {}\n", source, count);
  if (report.conversions_without_click > 0) {
    fmt::print("conversions without a click, counted as none: {}\n", report.conversions_without_click);
  }
  print_rejected(report.sources, out / "rejected.csv");
  fmt::print("data set: {}\n", out.string());
}

}  // namespace

Command add_prepare(CLI::App& app, const GlobalOptions& global) {
  struct Options {
    ConfigOptions config;
    std::filesystem::path out;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("prepare", "Turn raw logs into a data set");
  options->config.add_to(*command);
  command->add_option("--out", options->out, "Folder of the data set; default: the config's data.path");
  return [options, &global] {
    const Config config = options->config.load();
    const std::filesystem::path out = options->out.empty() ? config.data.path : options->out;
    const data::PrepareOptions how{
        .show_progress = global.show_progress(), .threads = global.threads, .stop = stop_on_signals()};
    print_report(data::prepare(config, out, how), out);
  };
}

}  // namespace esmm::apps
