#include <filesystem>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "apps/bench/data_bench.h"
#include "apps/bench/metrics_bench.h"
#include "apps/bench/ops_bench.h"
#include "apps/bench/prepare_bench.h"
#include "apps/bench/rows_output.h"
#include "apps/bench/train_bench.h"
#include "apps/support/run_main.h"
#include "apps/support/tune_process.h"
#include "esmm/data/prepare/ordered_work.h"

using namespace esmm::bench;  // NOLINT: the program's own

namespace {

CLI::App* add_command(CLI::App& app, const char* name, const char* what, int& rounds) {
  CLI::App* command = app.add_subcommand(name, what);
  command->option_defaults()->always_capture_default();
  command->add_option("--rounds", rounds, "Measured runs of each system")->check(CLI::Range(5, 1000));
  return command;
}

CLI::App* add_metrics(CLI::App& app, MetricsBench& options) {
  CLI::App* command = add_command(app, "metrics", "AUC on one thread", options.rounds);
  command->add_option("--rows", options.rows, "Rows of an AUC")->check(CLI::Range(1000, 2'000'000'000));
  command->add_option("--arrays", options.arrays,
                      "Also write the first case's scores.f32 and labels.f32 to this folder");
  return command;
}

CLI::App* add_ops(CLI::App& app, OpsBench& options) {
  CLI::App* command = add_command(app, "ops", "The table's part of a step, kernel by kernel", options.rounds);
  command->add_option("--batch", options.batch_size, "Impressions of a batch")->check(CLI::Range(1, 1 << 20));
  command->add_option("--table-rows", options.table_rows, "Rows of the table")
      ->check(CLI::Range(1000, 2'000'000'000));
  command->add_option("--dimension", options.dimension, "Columns of the table")->check(CLI::Range(1, 4096));
  command->add_option("--batches", options.batches, "Different batches, cycled")
      ->check(CLI::Range(1, 100'000));
  command->add_option("--steps", options.steps, "Steps of a measured run")->check(CLI::Range(1, 1'000'000));
  command->add_option("--threads", options.threads, "Intra-op threads")->check(CLI::Range(1, 4096));
  return command;
}

CLI::App* add_prepare(CLI::App& app, PrepareBench& options) {
  CLI::App* command =
      add_command(app, "prepare", "Raw logs to a data set; samples are bytes of text", options.rounds);
  command->add_option("--impressions", options.impressions, "Of the generated Ali-CCP logs")
      ->check(CLI::Range(1000, 2'000'000'000));
  command->add_option("--csv", options.csv, "Also read this CSV file, repeated, beside Arrow's reader")
      ->check(CLI::ExistingFile);
  command->add_option("--csv-bytes", options.csv_bytes, "Size that the CSV file is repeated to")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 40));
  command->add_option("--folder", options.folder, "For the files; default: that of temporary files");
  command->add_option("--threads", options.threads, "0: as many as the machine has")
      ->check(CLI::Range(0, 4096));
  return command;
}

CLI::App* add_train(CLI::App& app, TrainBench& options) {
  CLI::App* command =
      add_command(app, "train", "Full steps of training on batches in memory", options.rounds);
  command->add_option("--cases", options.cases, "These alone; default: all")
      ->delimiter(',')
      ->check(CLI::IsMember(train_cases()));
  command->footer(
      "ids25: 25 fields of one id; ids25_large: on a table of 10^7 rows.\n"
      "ids500: 20 fields of the user with 24 ids, 5 of the item with 4;\n"
      "_user10, _user58: that many impressions of a user after each other.\n"
      "x stock: times stock LibTorch's rate. x limit: share of the towers'\n"
      "rate alone; in towers, of their matrix products'.");
  command->add_flag("--without-stock", options.without_stock, "Leave stock LibTorch's systems out");
  command->add_option("--batch", options.batch_size, "Impressions of a batch")->check(CLI::Range(1, 1 << 20));
  command->add_option("--table-rows", options.table_rows, "Rows of the table, but for ids25_large")
      ->check(CLI::Range(1000, 2'000'000'000));
  command->add_option("--dimension", options.sizes.dimension, "Columns of the table")
      ->check(CLI::Range(1, 4096));
  command->add_option("--layers", options.sizes.layers, "Hidden layers of each tower")->delimiter(',');
  command->add_option("--batches", options.batches, "Different batches, cycled")
      ->check(CLI::Range(1, 100'000));
  command->add_option("--steps", options.steps, "Steps of a measured run")->check(CLI::Range(1, 1'000'000));
  command->add_option("--threads", options.threads, "Intra-op threads")->check(CLI::Range(1, 4096));
  command->add_option("--device", options.device, "Of the steps: cpu or a GPU, as in cuda:0");
  command->add_option("--arrays", options.arrays, "Also write the cases' batches to this folder");
  return command;
}

CLI::App* add_data(CLI::App& app, DataBench& options) {
  CLI::App* command = add_command(
      app, "data", "The loader alone, and training fed from disk, on data sets that are written first",
      options.rounds);
  command->add_option("--cases", options.cases, "These alone; default: all")
      ->delimiter(',')
      ->check(CLI::IsMember(data_cases()));
  command->add_option("--gigabytes", options.gigabytes, "Of a data set")->check(CLI::Range(0.001, 1e6));
  command->add_option("--folder", options.folder, "Where it is written and removed again");
  command->add_option("--batch", options.batch_size, "Impressions of a batch")->check(CLI::Range(1, 1 << 20));
  command->add_option("--table-rows", options.table_rows, "Rows of the table")
      ->check(CLI::Range(1000, 2'000'000'000));
  command->add_option("--window", options.window, "Impressions that are shuffled among each other")
      ->check(CLI::Range(1, 1 << 30));
  command
      ->add_option("--impressions-per-user", options.impressions_per_user,
                   "That stand together in the data set and in batches; 0: each has a user of its own")
      ->check(CLI::Range(0, 1 << 20));
  command->add_option("--batches", options.batches, "Batches held in memory")->check(CLI::Range(1, 100'000));
  command->add_option("--steps", options.steps, "Steps of a measured run")->check(CLI::Range(1, 1'000'000));
  command->add_option("--threads", options.threads, "Intra-op threads")->check(CLI::Range(1, 4096));
  command
      ->add_option("--loader-threads", options.loader_threads,
                   "Threads that gather; 0: those of the operations")
      ->check(CLI::Range(0, 256));
  command->add_option("--device", options.device, "Of the steps: cpu or a GPU, as in cuda:0");
  command->add_flag("--resident", options.resident,
                    "Also train with the split kept in the device's memory (data.placement: device)");
  return command;
}

}  // namespace

int main(int argc, char** argv) {
  esmm::apps::tune_process(argv);
  CLI::App app{
      "Measures the library, each row beside stock LibTorch and the limit of its case in the same run.",
      "esmm-bench"};
  app.require_subcommand(0, 1);  // checked below: an unknown command is to be named first
  app.fallthrough();
  std::filesystem::path json;
  app.add_option("--json", json, "Also write the rows, and what they were measured on, to this file");

  MetricsBench metrics;
  OpsBench ops;
  const CLI::App* ops_command = add_ops(app, ops);
  PrepareBench prepare;
  TrainBench train;
  const CLI::App* metrics_command = add_metrics(app, metrics);
  const CLI::App* prepare_command = add_prepare(app, prepare);
  const CLI::App* train_command = add_train(app, train);
  DataBench data;
  const CLI::App* data_command = add_data(app, data);

  return esmm::apps::run_main(app, argc, argv, [&] {
    if (app.get_subcommands().empty()) throw CLI::RequiredError("A command");
    std::vector<Row> rows;
    Setting setting;  // as it stands: metrics
    if (metrics_command->parsed()) rows = bench_metrics(metrics);
    if (ops_command->parsed()) {
      setting.threads = ops.threads;
      rows = bench_ops(ops);
    }
    if (prepare_command->parsed()) {
      setting.threads = static_cast<int64_t>(esmm::data::threads_for(prepare.threads));
      rows = bench_prepare(prepare);
    }
    if (train_command->parsed()) {
      setting = {.threads = train.threads, .device = train.device};
      rows = bench_train(train);
    }
    std::vector<std::string> notes;
    if (data_command->parsed()) {
      setting = {.threads = data.threads, .device = data.device};
      DataResult result = bench_data(data);
      rows = std::move(result.rows);
      notes = std::move(result.notes);
    }
    std::cout << table_text(rows);
    for (const std::string& note : notes) std::cout << note << '\n';
    if (!json.empty()) write_json(json, setting, rows);
  });
}
