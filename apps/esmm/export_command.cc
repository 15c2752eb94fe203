#include <fmt/core.h>

#include <filesystem>
#include <memory>

#include "apps/esmm/commands.h"
#include "esmm/export/export.h"
#include "esmm/train/trainer.h"

namespace esmm::apps {

Command add_export(CLI::App& app, const GlobalOptions&) {
  struct Options {
    std::filesystem::path run, out;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("export", "Write a trained model as a TorchScript file that needs no code of ours");
  command->add_option("run", options->run, "Run folder")->required();
  command->add_option("--out", options->out, "The file, as in model.pt")->required();
  return [options] {
    const exporting::ExportReport report =
        exporting::export_model(train::load_run(options->run), options->out);
    fmt::print("checked against the trained model on {} impressions: largest difference {:.1e}\n",
               report.rows_checked, report.largest_difference);
    fmt::print("model: {}\n", options->out.string());
  };
}

}  // namespace esmm::apps
