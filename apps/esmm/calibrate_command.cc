#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <string>

#include "apps/esmm/commands.h"
#include "esmm/config/keys.h"
#include "esmm/core/error.h"
#include "esmm/data/dataset.h"
#include "esmm/train/calibrate.h"
#include "esmm/train/run_folder.h"

namespace esmm::apps {
namespace {

template <class E>
E named(const std::string& text) {
  const auto& names = config::Names<E>::all;
  for (size_t k = 0; k < names.size(); ++k) {
    if (text == names[k]) return static_cast<E>(k);
  }
  throw InternalError("the option was checked already");
}

}  // namespace

Command add_calibrate(CLI::App& app, const GlobalOptions&) {
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
  return [options] {
    train::Run run = train::load_run(options->run);
    run.config.calibration = {.method = named<CalibrationMethod>(options->method),
                              .cvr = named<CvrTarget>(options->cvr)};
    const data::Dataset dataset(options->data.empty() ? run.config.data.path : options->data);
    train::require_same_vocabulary(run, dataset);
    train::calibrate_run(run, dataset.split("validation"), train::select_device(options->device));
    fmt::print("calibration: {}\n", train::RunFolder(options->run).calibration().string());
  };
}

}  // namespace esmm::apps
