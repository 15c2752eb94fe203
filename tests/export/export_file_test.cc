#include "esmm/export/export.h"

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/export/sample_bags.h"
#include "tests/export/tiny_run.h"
#include "tests/support/temporary_folder.h"

#include <torch/script.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

// Which file is written, and when; what it scores is tested in export_test.cc.
namespace esmm {
namespace {

using exporting::export_model;
using test::score;
using test::tiny_run;

TEST_CASE("The same run gives the same file, wherever it is written") {
  const train::Run run = tiny_run();
  const test::TemporaryFolder folder;
  const auto first = export_model(run, folder / "model.pt"),
             second = export_model(run, folder / "other.name.pt");
  CHECK(first.sha256 == second.sha256);
  CHECK(first.sha256.size() == 64);
  CHECK(read_file(folder / "model.pt") == read_file(folder / "other.name.pt"));
  CHECK(first.rows_checked == 512);
  CHECK(first.largest_difference <= 1e-6);
}

TEST_CASE("A model replaces a model, and no other file") {
  const test::TemporaryFolder folder;
  export_model(tiny_run(), folder / "model.pt");
  export_model(tiny_run(), folder / "model.pt");
  write_file(folder / "my.yaml", "data:\n");
  CHECK_THROWS_WITH(export_model(tiny_run(), folder / "my.yaml"),
                    Catch::Contains("is there already and is no exported model"));
  CHECK(read_file(folder / "my.yaml") == "data:\n");
}

TEST_CASE("Schema, config, evaluation and metadata ride along") {
  const test::TemporaryFolder folder;
  train::Run run = tiny_run();
  run.config.train.run = folder.path();
  write_file(folder / "evaluation.json", "{\"ctr\": 1}");
  export_model(run, folder / "model.pt");
  torch::jit::ExtraFilesMap extras{
      {"schema.json", ""}, {"config.yaml", ""}, {"evaluation.json", ""}, {"metadata.json", ""}};
  torch::jit::load((folder / "model.pt").string(), torch::kCPU, extras);
  CHECK(extras["schema.json"] == schema_to_json(run.schema));
  CHECK(extras["config.yaml"] == dump_config(run.config));
  CHECK(extras["evaluation.json"] == "{\"ctr\": 1}");
  const auto metadata = nlohmann::json::parse(extras["metadata.json"]);
  CHECK(metadata["format"] == 1);
  CHECK(metadata["method"] == "esmm");
  CHECK(metadata["table_rows"] == 26);
  CHECK(metadata["calibration"] == "none");
  CHECK(metadata["fields"] == std::vector<std::string>{"user", "hour", "history", "item", "tags"});
}

TEST_CASE("An evaluation from before the calibration does not ride along") {
  const test::TemporaryFolder folder;
  train::Run run = tiny_run();
  run.config.train.run = folder.path();
  write_file(folder / "evaluation.json", "{\"ctr\": {}}");
  run.calibration.ctr.kind = calibration::Map::Kind::platt;
  export_model(run, folder / "model.pt");
  torch::jit::ExtraFilesMap extras{{"evaluation.json", ""}};
  torch::jit::load((folder / "model.pt").string(), torch::kCPU, extras);
  CHECK(extras["evaluation.json"].empty());
}

TEST_CASE("A model whose calibration is steep where its probabilities lie is exported") {
  train::Run run = tiny_run();
  // What export compares: a stair with a steep step around each probability magnifies its rounding.
  std::vector<float> raw = score(run, exporting::sample_keys(run.schema, run.vocabulary, 512, 1)).p_ctr;
  std::sort(raw.begin(), raw.end());
  constexpr double kHalf = 1e-6;
  calibration::Map& map = run.calibration.ctr;
  map = {.kind = calibration::Map::Kind::isotonic, .x = {0}, .y = {0}};
  double y = 0;
  for (const float p : raw) {
    if (p - kHalf <= map.x.back()) continue;
    map.x.insert(map.x.end(), {p - kHalf, p + kHalf});
    map.y.insert(map.y.end(), {y, y + 0.001});
    y += 0.001;
  }
  map.x.push_back(1);
  map.y.push_back(1);
  const test::TemporaryFolder folder;
  CHECK_NOTHROW(export_model(run, folder / "model.pt"));
}

TEST_CASE("A model whose probabilities are not numbers is not exported, and an older file stays") {
  const train::Run run = tiny_run();
  const test::TemporaryFolder folder;
  write_file(folder / "model.pt", "PK older");
  const torch::NoGradGuard no_gradients;
  run.model->ctr_head().embedding->table().fill_(std::numeric_limits<float>::quiet_NaN());
  CHECK_THROWS_WITH(export_model(run, folder / "model.pt"),
                    Catch::Contains("does not score as the trained model"));
  CHECK(read_file(folder / "model.pt") == "PK older");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

}  // namespace
}  // namespace esmm
