#include <ATen/Parallel.h>
#include <fmt/chrono.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <torch/version.h>

#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/esmm/commands.h"
#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/core/log.h"
#include "esmm/report/report.h"
#include "esmm/train/files/evaluation_file.h"
#include "esmm/train/files/run_folder.h"
#include "esmm/train/trainer.h"

namespace esmm::apps {
namespace {

namespace fs = std::filesystem;

// When a file was last written: UTC.
std::string time_of(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return "no such file";
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(status.st_mtime));
}

int64_t parameters_of(const Method& model) {
  int64_t count = 0;
  for (const torch::Tensor& parameter : model.parameters()) count += parameter.numel();
  return count;
}

std::vector<std::pair<std::string, std::string>> environment(const train::Run& run,
                                                             const train::RunFolder& folder,
                                                             const fs::path& dataset,
                                                             const torch::Device& device) {
  return {{"Run folder", fs::absolute(folder.path()).lexically_normal().string()},
          {"Data set", dataset.string()},
          {"Method", run.config.model.method},
          {"Parameters", fmt::format("{}", parameters_of(*run.model))},
          {"Table rows", fmt::format("{}", run.table_rows)},
          {"Trained until", time_of(folder.metrics())},
          {"Model written", time_of(folder.model())},
          {"Scored on", fmt::format("{}, {} threads", device.str(), at::get_num_threads())},
          {"Report written", fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time(nullptr)))},
          {"esmm", ESMM_VERSION},
          {"LibTorch", TORCH_VERSION},
          {"Compiler", ESMM_COMPILER}};
}

}  // namespace

Command add_report(CLI::App& app, const GlobalOptions& global) {
  struct Options {
    fs::path run, data, out, comparison;
    std::string split = "test";
    std::string device = "auto";
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("report", "Draw a run on one HTML page: report.html");
  command->add_option("run", options->run, "Run folder")->required();
  command->add_option("--out", options->out,
                      "HTML file; default: report.html in the run folder (report_<split>.html)");
  command->add_option("--data", options->data, "Data set; default: the one that the run was trained on");
  command->add_option("--split", options->split, "train, validation or test")->capture_default_str();
  command->add_option("--comparison", options->comparison,
                      "comparison.json of esmm compare, to show methods beside each other");
  command->add_option("--device", options->device, "auto, cpu, or a LibTorch device")->capture_default_str();
  return [options, &global] {
    train::Run run = train::load_run(options->run);
    if (global.threads > 0) run.config.train.threads = global.threads;
    const fs::path data = options->data.empty() ? run.config.data.path : options->data;
    const data::Dataset dataset(data);
    const data::Split& split = dataset.split(options->split);
    const torch::Device device = train::select_device(options->device);
    const train::SplitEvaluation result = train::evaluate_run(run, dataset, split, device);

    const std::vector<float> clicks = split.clicks(), conversions = split.conversions();
    const std::vector<double> true_cvr = split.p_cvr();
    const metrics::Scored scored{.p_ctr = result.scores.p_ctr,
                                 .p_cvr = result.scores.p_cvr,
                                 .p_ctcvr = result.scores.p_ctcvr,
                                 .click = clicks,
                                 .conversion = conversions,
                                 .group = {},
                                 .true_ctr = {},
                                 .true_cvr = true_cvr};
    const train::RunFolder folder(options->run);
    const std::string outdated = train::outdated_evaluation(folder, run.digest, run.calibration);
    if (!outdated.empty()) log::warn("{}; the report is measured anew", outdated);
    const fs::path out = !options->out.empty()      ? options->out
                         : options->split == "test" ? options->run / "report.html"
                                                    : options->run / ("report_" + options->split + ".html");
    std::optional<report::Comparison> comparison;
    if (!options->comparison.empty())
      comparison = report::parse_comparison(read_file(options->comparison), options->comparison.string());
    write_file(out,
               report::render({.run = fs::absolute(options->run).lexically_normal().filename().string(),
                               .split = options->split,
                               .not_held_out = result.not_held_out,
                               .config = run.config,
                               .splits = dataset.info().splits,
                               .log = report::parse_training_log(read_file(folder.metrics())),
                               .heads = report::report_heads(scored, result.evaluation),
                               .uncalibrated = result.uncalibrated,
                               .slices = report::report_slices(split, run.schema, run.vocabulary, scored),
                               .comparison = std::move(comparison),
                               .environment = environment(run, folder, data, device)}));
    fmt::print("report: {}\n", out.string());
  };
}

}  // namespace esmm::apps
