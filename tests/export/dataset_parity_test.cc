#include "esmm/core/file.h"
#include "esmm/data/prepare/prepare.h"
#include "esmm/export/export.h"
#include "tests/support/temporary_folder.h"

#include <catch2/catch.hpp>

#include <string>

namespace esmm {
namespace {

constexpr const char* kLog =
    "user,seen,day,click,buy\n"
    "u1,a b,1,1,1\n"
    "u1,a,1,0,0\n"
    "u2,,1,1,0\n"
    "u3,b c,2,1,1\n"  // test: unknown keys in both fields
    "u1,,2,0,0\n"
    "u2,a b,2,1,0\n";

constexpr const char* kConfig = R"(
data:
  path: out
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2, to: 2}}
  fields:
    - {name: user}
    - {name: seen, kind: multi, separator: " "}
model: {method: esmm, table_std: 0.5, layers: [8]}
train: {run: run}
)";

// A run on the data set with networks as they start.
train::Run untrained_run(const Config& config) {
  const data::Dataset dataset(config.data.path);
  train::Run run;
  run.config = config;
  run.schema = dataset.info().schema;
  const Vocabulary vocabulary = dataset.vocabulary();
  run.vocabulary.assign(vocabulary.keys().begin(), vocabulary.keys().end());
  run.table_rows = dataset.info().table_rows;
  run.model = make_method(config.model, {.table_rows = run.table_rows, .schema = run.schema}, /*seed=*/1);
  run.model->eval();
  return run;
}

}  // namespace

TEST_CASE("The export checks the test split's impressions, where the data set is the run's and still there") {
  const test::TemporaryFolder folder;
  write_file(folder / "log.csv", kLog);
  const Config config = parse_config(kConfig, "test.yaml", folder.path());
  data::prepare(config, config.data.path);
  train::Run run = untrained_run(config);
  CHECK(exporting::export_model(run, folder / "model.pt").rows_checked == 512 + 3);

  std::filesystem::rename(folder / "out", folder / "away");
  CHECK(exporting::export_model(run, folder / "model.pt").rows_checked == 512);

  std::filesystem::rename(folder / "away", folder / "out");
  run.schema.fields[0].pooling = Pooling::sum;  // no longer the data set's
  CHECK(exporting::export_model(run, folder / "model.pt").rows_checked == 512);
}

}  // namespace esmm
