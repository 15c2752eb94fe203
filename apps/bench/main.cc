#include <filesystem>
#include <iostream>
#include <vector>

#include "apps/bench/metrics_bench.h"
#include "apps/bench/rows_output.h"
#include "apps/support/run_main.h"

using namespace esmm::bench;  // NOLINT: the program's own

int main(int argc, char** argv) {
  CLI::App app{
      "Measures the library, each row beside stock LibTorch and the limit of its case in the same run.",
      "esmm-bench"};
  app.require_subcommand(1);
  app.fallthrough();
  std::filesystem::path json;
  app.add_option("--json", json, "Also write the rows to this file");

  MetricsBench metrics;
  CLI::App* metrics_command = app.add_subcommand("metrics", "AUC on one thread");
  metrics_command->option_defaults()->always_capture_default();
  metrics_command->add_option("--rows", metrics.rows, "Rows of an AUC")
      ->check(CLI::Range(1000, 2'000'000'000));
  metrics_command->add_option("--rounds", metrics.rounds, "Measured runs of each system")
      ->check(CLI::Range(5, 1000));
  metrics_command->add_option("--arrays", metrics.arrays,
                              "Also write the first case's scores.f32 and labels.f32 to this folder");

  return esmm::apps::run_main(app, argc, argv, [&] {
    std::vector<Row> rows;
    if (metrics_command->parsed()) rows = bench_metrics(metrics);
    std::cout << table_text(rows);
    if (!json.empty()) write_json(json, rows);
  });
}
