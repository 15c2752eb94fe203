#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "apps/esmm/commands.h"
#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/scores.h"
#include "esmm/train/trainer.h"

namespace esmm::apps {
namespace {

std::string text(const metrics::Value& value, int width = 8) {
  return value.number ? fmt::format("{:>{}.4f}", *value.number, width) : fmt::format("{:>{}}", "-", width);
}

void print_row(const char* name, const metrics::HeadMetrics& head) {
  fmt::print("{:<17} {:>9} {:>10.0f} {} {} {} {}\n", name, head.rows, head.positives, text(head.auc),
             text(head.gauc), text(head.logloss), text(head.pcoc));
}

// Why there is no number.
void print_reasons(const char* name, const metrics::HeadMetrics& head) {
  const std::pair<const char*, const metrics::Value&> values[] = {
      {"auc", head.auc}, {"gauc", head.gauc}, {"logloss", head.logloss}, {"pcoc", head.pcoc}};
  for (const auto& [metric, value] : values) {
    if (!value.reason.empty()) fmt::print("no {} of {}: {}\n", metric, name, value.reason);
  }
}

void print_table(const metrics::Evaluation& evaluation) {
  fmt::print("{:<17} {:>9} {:>10} {:>8} {:>8} {:>8} {:>8}\n", "", "rows", "positives", "auc", "gauc",
             "logloss", "pcoc");
  print_row("ctr", evaluation.ctr);
  print_row("cvr (clicks)", evaluation.cvr);
  print_row("ctcvr", evaluation.ctcvr);
  if (evaluation.cvr_entire_space) print_row("cvr (all, truth)", *evaluation.cvr_entire_space);
  print_reasons("ctr", evaluation.ctr);
  print_reasons("cvr", evaluation.cvr);
  print_reasons("ctcvr", evaluation.ctcvr);
  if (evaluation.cvr_entire_space) print_reasons("cvr (all, truth)", *evaluation.cvr_entire_space);
}

void write_scores(const std::filesystem::path& file, const data::Split& split, const train::Scores& scores) {
  data::ScoreChunk chunk;
  if (auto ids = split.ids(); !ids.empty()) chunk.add("id", std::move(ids));
  chunk.add("line", split.lines());
  chunk.add("click", split.clicks());
  chunk.add("conversion", split.conversions());
  chunk.add("pctr", scores.p_ctr);
  chunk.add("pcvr", scores.p_cvr);
  chunk.add("pctcvr", scores.p_ctcvr);
  data::ScoreWriter writer(file);
  writer.add(chunk);
  writer.close();
}

}  // namespace

Command add_evaluate(CLI::App& app, const GlobalOptions& global) {
  struct Options {
    std::filesystem::path run, data, scores;
    std::string split = "test";
    std::string device = "auto";
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("evaluate", "Measure a trained model: evaluation.json");
  command->add_option("run", options->run, "Run folder")->required();
  command->add_option("--data", options->data, "Data set; default: the one that the run was trained on");
  command->add_option("--split", options->split, "train, validation or test")->capture_default_str();
  command->add_option("--scores", options->scores,
                      "Also write each impression's probabilities and labels (.csv, .parquet)");
  command->add_option("--device", options->device, "auto, cpu, or a LibTorch device")->capture_default_str();
  return [options, &global] {
    train::Run run = train::load_run(options->run);
    if (global.threads > 0) run.config.train.threads = global.threads;
    const data::Dataset dataset(options->data.empty() ? run.config.data.path : options->data);
    const data::Split& split = dataset.split(options->split);
    const train::SplitEvaluation result =
        train::evaluate_run(run, dataset, split, train::select_device(options->device));
    const std::filesystem::path out =
        options->run /
        (options->split == "test" ? "evaluation.json" : "evaluation_" + options->split + ".json");
    write_file(out, train::to_json(result));
    if (!options->scores.empty()) write_scores(options->scores, split, result.scores);
    print_table(result.evaluation);
    if (result.uncalibrated) {
      fmt::print("without the calibration:\n");
      print_table(*result.uncalibrated);
    }
    fmt::print("evaluation: {}\n", out.string());
  };
}

}  // namespace esmm::apps
