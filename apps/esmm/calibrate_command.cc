#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <string>

#include "apps/esmm/commands.h"
#include "esmm/config/keys.h"
#include "esmm/core/log.h"
#include "esmm/data/dataset.h"
#include "esmm/train/calibrate.h"
#include "esmm/train/files/evaluation_file.h"
#include "esmm/train/files/model_file.h"
#include "esmm/train/files/run_folder.h"
#include "esmm/train/run_data.h"

namespace esmm::apps {
namespace {

void warn_of_outdated_evaluation(const train::RunFolder& folder, const std::string& model,
                                 const calibration::Calibration& now) {
  const std::string outdated = train::outdated_evaluation(folder, model, now);
  if (!outdated.empty()) log::warn("{}", outdated);
}

}  // namespace

Command add_calibrate(CLI::App& app, const GlobalOptions& global) {
  struct Options {
    std::filesystem::path run, data;
    std::string method = "isotonic", cvr = "clicks", device = "auto";
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "calibrate", "Fit a trained model's probabilities to the validation split: calibration.json");
  command->add_option("run", options->run, "Run folder")->required();
  command->add_option("--method", options->method, "platt, isotonic, or none to undo it")
      ->check(CLI::IsMember({"none", "platt", "isotonic"}))
      ->capture_default_str();
  command
      ->add_option(
          "--cvr", options->cvr,
          "clicks: pCVR agrees with conversions of the clicked; ctcvr: pCTCVR agrees with those of all")
      ->check(CLI::IsMember({"clicks", "ctcvr"}))
      ->capture_default_str();
  command->add_option("--data", options->data, "Data set; default: the one that the run was trained on");
  command->add_option("--device", options->device, "auto, cpu, or a LibTorch device")->capture_default_str();
  return [options, &global] {
    const train::RunFolder folder(options->run);
    folder.require_model();
    if (options->method == "none") {
      const bool removed = std::filesystem::remove(folder.calibration());
      fmt::print("{}\n", removed ? "no longer calibrated" : "was not calibrated");
      if (std::filesystem::exists(folder.evaluation()) && std::filesystem::exists(folder.model()))
        warn_of_outdated_evaluation(folder, train::model_digest(folder.model()), {});
      return;
    }
    train::Run run = train::load_run(options->run);
    if (global.threads > 0) run.config.train.threads = global.threads;
    run.config.calibration = {.method = config::value_of<CalibrationMethod>(options->method).value(),
                              .cvr = config::value_of<CvrTarget>(options->cvr).value()};
    const data::Dataset dataset(options->data.empty() ? run.config.data.path : options->data);
    train::check_data_of(run, dataset);
    train::require_held_out(run.config.calibration, dataset.has("validation"));
    const calibration::Calibration fitted =
        train::calibrate_run(run, dataset.split("validation"), train::select_device(options->device));
    fmt::print("calibration: {}\n", folder.calibration().string());
    warn_of_outdated_evaluation(folder, run.digest, fitted);
  };
}

}  // namespace esmm::apps
