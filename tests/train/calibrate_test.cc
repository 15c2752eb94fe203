#include "esmm/train/calibrate.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esmm/core/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

namespace esmm::train {
namespace {

const torch::Device kCpu(torch::kCPU);

Config calibrated_config(const std::filesystem::path& run, CvrTarget target = CvrTarget::clicks) {
  Config config = test::small_config(run);
  config.train.epochs = 12;  // enough to rank well, too few to tell all apart
  config.calibration = {.method = CalibrationMethod::platt, .cvr = target};
  return config;
}

// Held out in name only: what is learnt by heart ranks right.
TrainingData learnt_by_heart(const test::MemoryData& data) {
  TrainingData training = data.without_validation();
  training.validation = &data.train;
  return training;
}

double sum(const std::vector<float>& values) {
  double total = 0;
  for (const float value : values) total += value;
  return total;
}

TEST_CASE("training ends with a calibration that makes the validation split's means right") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  const std::vector<float> clicks = data.train.clicks(), conversions = data.train.conversions();
  test::train_on(calibrated_config(folder / "clicks"), learnt_by_heart(data));
  const Run on_clicks = load_run(folder / "clicks");
  REQUIRE_FALSE(on_clicks.calibration.does_nothing());
  const Scores scores = score_run(on_clicks, data.train, kCpu);
  CHECK(sum(scores.p_ctr) == Approx(sum(clicks)).epsilon(1e-5));
  double of_clicked = 0;
  for (size_t i = 0; i < clicks.size(); ++i) of_clicked += clicks[i] * scores.p_cvr[i];
  CHECK(of_clicked == Approx(sum(conversions)).epsilon(1e-5));
  CHECK(scores.p_ctcvr[0] == scores.p_ctr[0] * scores.p_cvr[0]);

  test::train_on(calibrated_config(folder / "all", CvrTarget::ctcvr), learnt_by_heart(data));
  CHECK(sum(score_run(load_run(folder / "all"), data.train, kCpu).p_ctcvr) ==
        Approx(sum(conversions)).epsilon(1e-5));
}

TEST_CASE("calibration needs a validation split") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(test::train_on(calibrated_config(folder / "run"), data.without_validation()),
                    Catch::Contains("calibration needs a validation split"));
}

TEST_CASE("a calibration made later stays when the finished run is resumed, and goes with its model") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  test::train_on(config, data.with_validation());
  Run run = load_run(folder / "run");
  CHECK(run.calibration.does_nothing());
  run.config.calibration.method = CalibrationMethod::isotonic;
  calibrate_run(run, data.validation, kCpu);
  test::train_on(config, data.with_validation(), /*resume=*/true);
  CHECK(load_run(folder / "run").calibration.ctr.kind == calibration::Map::Kind::isotonic);
  config.train.epochs = 4;
  test::train_on(config, data.with_validation(), /*resume=*/true);
  CHECK(load_run(folder / "run").calibration.does_nothing());
}

TEST_CASE("a run trained further has no calibration of its earlier model, even where it is interrupted") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  Config config = calibrated_config(folder / "run");
  test::train_on(config, learnt_by_heart(data));
  REQUIRE(std::filesystem::exists(folder / "run/calibration.json"));
  config.train.epochs = 30;
  int64_t done = 0;
  const TrainingData training = learnt_by_heart(data);
  const TrainOptions options{.resume = true, .stop = [&] { return ++done == 3; }};
  CHECK_THROWS_AS(Training(config, training, options).run(), Interrupted);
  CHECK_FALSE(std::filesystem::exists(folder / "run/calibration.json"));
}

TEST_CASE("another calibration is no resumption") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  test::train_on(config, data.with_validation());
  config.calibration.method = CalibrationMethod::platt;
  CHECK_THROWS_WITH(test::train_on(config, data.with_validation(), /*resume=*/true),
                    Catch::Contains("calibration.method: differs from the run that is to be resumed"));
}

TEST_CASE("an interrupted run is calibrated when it is finished, as the uninterrupted one") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  test::train_on(calibrated_config(folder / "whole"), learnt_by_heart(data));
  CHECK_THROWS_AS(test::train_until(calibrated_config(folder / "cut"), learnt_by_heart(data), 4),
                  Interrupted);
  CHECK_FALSE(std::filesystem::exists(folder / "cut/calibration.json"));
  test::train_on(calibrated_config(folder / "cut"), learnt_by_heart(data), /*resume=*/true);
  CHECK(read_file(folder / "cut/calibration.json") == read_file(folder / "whole/calibration.json"));
}

TEST_CASE("evaluation.json shows both, calibrated and not") {
  SplitEvaluation evaluation;
  evaluation.evaluation.ctr.auc = metrics::defined(0.75);
  CHECK_FALSE(nlohmann::json::parse(to_json(evaluation)).contains("uncalibrated"));
  evaluation.uncalibrated = evaluation.evaluation;
  evaluation.uncalibrated->ctr.pcoc = metrics::defined(1.5);
  evaluation.calibration.ctr.kind = calibration::Map::Kind::platt;
  const auto json = nlohmann::json::parse(to_json(evaluation));
  CHECK(json["uncalibrated"]["ctr"]["pcoc"] == 1.5);
  CHECK(json["calibration"]["ctr"]["kind"] == "platt");
}

}  // namespace
}  // namespace esmm::train
