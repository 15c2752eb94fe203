#include "esmm/train/training.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "esmm/core/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

namespace esmm::train {
namespace {

const torch::Device kCpu(torch::kCPU);

std::vector<double> losses(const std::filesystem::path& run) {
  std::vector<double> values;
  for (const auto& line : test::metrics_of(run, "train")) values.push_back(line.at("loss").get<double>());
  return values;
}

test::BatchSplit without_clicks(const data::Split& split) {
  std::vector<int64_t> all(static_cast<size_t>(split.size()));
  std::iota(all.begin(), all.end(), 0);
  Batch batch;
  split.gather(all, batch);
  std::fill(batch.click.begin(), batch.click.end(), 0.0f);
  std::fill(batch.conversion.begin(), batch.conversion.end(), 0.0f);
  return {split.schema(), std::move(batch)};
}

TEST_CASE("a run folder holds config, log, the newest checkpoint and the model") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  const Config config = test::small_config(folder / "run");
  const TrainReport report = test::train_on(config, data.without_validation());
  CHECK(report.steps == 15);
  CHECK(report.samples == 219);
  CHECK_FALSE(report.validation);
  CHECK(dump_config(load_config(folder / "run" / "config.yaml")) == dump_config(config));
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "run" / "checkpoints"))
    files.push_back(entry.path().filename());
  std::sort(files.begin(), files.end());
  CHECK(files == std::vector<std::string>{"model.pt", "step-15.pt"});

  const auto lines = test::metrics_of(folder / "run", "train");
  REQUIRE(lines.size() == 8);  // every second step, and the last
  CHECK(lines[2].at("step") == 6);
  CHECK(lines[2].at("epoch") == 2);
  CHECK(lines[2].at("samples") == 73 + 16);
  CHECK(lines[2].at("loss").get<double>() ==
        Approx(lines[2].at("loss_ctr").get<double>() + lines[2].at("loss_ctcvr").get<double>()));
  CHECK(lines.back().at("step") == 15);
}

TEST_CASE("the same seed gives the same losses, another seed others") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  for (const auto& [name, seed] : {std::pair("a", 1), std::pair("b", 1), std::pair("c", 2)}) {
    Config config = test::small_config(folder / name);
    config.train.seed = static_cast<uint64_t>(seed);
    config.model.dropout = 0.2;
    test::train_on(config, data.without_validation());
  }
  CHECK(losses(folder / "a") == losses(folder / "b"));
  CHECK(losses(folder / "a") != losses(folder / "c"));
}

TEST_CASE("a logged loss is the mean over all samples since the last line") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "each");
  config.train.epochs = 1;
  config.train.log_every_steps = 1;
  test::train_on(config, data.without_validation());
  config.train.run = folder / "once";
  config.train.log_every_steps = 100;
  test::train_on(config, data.without_validation());
  const std::vector<double> each = losses(folder / "each"), once = losses(folder / "once");
  REQUIRE(each.size() == 5);
  REQUIRE(once.size() == 1);
  CHECK(once[0] == Approx((16 * (each[0] + each[1] + each[2] + each[3]) + 9 * each[4]) / 73));
}

TEST_CASE("validation lines are the exact metrics of the model's scores") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  const TrainReport report = test::train_on(test::small_config(folder / "run"), data.with_validation());
  const auto lines = test::metrics_of(folder / "run", "validation");
  REQUIRE(lines.size() == 3);

  const Run run = load_run(folder / "run");
  const Scores scores = score_split(*run.model, data.validation, 7, kCpu);
  const std::vector<float> clicks = data.validation.clicks(), conversions = data.validation.conversions();
  metrics::Scored scored;
  scored.p_ctr = scores.p_ctr;
  scored.p_cvr = scores.p_cvr;
  scored.p_ctcvr = scores.p_ctcvr;
  scored.click = clicks;
  scored.conversion = conversions;
  const metrics::Evaluation evaluation = metrics::evaluate(scored);
  CHECK(lines.back().at("ctr.auc") == evaluation.ctr.auc.number.value());
  CHECK(lines.back().at("ctcvr.logloss").get<double>() ==
        Approx(evaluation.ctcvr.logloss.number.value()).epsilon(1e-6));
  CHECK(report.validation.value().ctr.auc.number == evaluation.ctr.auc.number);
  CHECK(report.validation.value().cvr_entire_space);
}

TEST_CASE("scores are in the split's order, of rows, and the joint probability is their product") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  test::train_on(test::small_config(folder / "run"), data.without_validation());
  const Run run = load_run(folder / "run");
  const Scores one_by_one = score_split(*run.model, data.validation, 1, kCpu);
  const Scores at_once = score_split(*run.model, data.validation, 4096, kCpu);
  REQUIRE(at_once.p_ctr.size() == 60);
  for (size_t i = 0; i < 60; ++i) {
    CHECK(one_by_one.p_cvr[i] == Approx(at_once.p_cvr[i]).epsilon(1e-5));
    CHECK(at_once.p_ctcvr[i] == at_once.p_ctr[i] * at_once.p_cvr[i]);
  }
}

TEST_CASE("a loaded run scores as the trained model did and holds what it was trained with") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  config.model.dropout = 0.3;
  test::train_on(config, data.with_validation());
  const Run run = load_run(folder / "run");
  CHECK_FALSE(run.model->is_training());
  CHECK(run.config.model.layers == config.model.layers);
  CHECK(run.vocabulary == data.with_validation().vocabulary);
  CHECK(run.table_rows == test::kTableRows);
  CHECK(schema_to_json(run.schema) == schema_to_json(test::memory_schema()));
  const metrics::Evaluation evaluation = evaluate_split(*run.model, data.validation, kCpu);
  CHECK(test::metrics_of(folder / "run", "validation").back().at("ctcvr.auc") ==
        evaluation.ctcvr.auc.number.value());
}

TEST_CASE("early stop ends the run out of patience and keeps the best model") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  config.train.epochs = 100;
  config.train.towers.learning_rate = 0.03;  // soon learns the 73 impressions by heart
  config.train.table.learning_rate = 0.03;
  config.train.early_stop = {.metric = "ctr.logloss", .patience = 3};
  const TrainReport report = test::train_on(config, data.with_validation());
  const auto lines = test::metrics_of(folder / "run", "validation");
  std::vector<double> values;
  for (const auto& line : lines) values.push_back(line.at("ctr.logloss").get<double>());
  const auto best = std::min_element(values.begin(), values.end());
  CHECK(values.end() - best == 4);  // three worse ones after it
  CHECK(report.steps == lines.back().at("step"));
  CHECK(report.steps < 500);
  CHECK(report.validation.value().ctr.logloss.number == *best);
  const Run run = load_run(folder / "run");
  CHECK(evaluate_split(*run.model, data.validation, kCpu).ctr.logloss.number == *best);
  CHECK(
      test::train_on(config, data.with_validation(), /*resume=*/true).validation.value().ctr.logloss.number ==
      *best);
}

TEST_CASE("early stop without a validation split is refused before anything is written") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  config.train.early_stop.metric = "ctr.auc";
  CHECK_THROWS_WITH(test::train_on(config, data.without_validation()),
                    Catch::Contains("needs a validation split"));
  CHECK_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_CASE("early stop by a metric that no model can have there is refused before anything is written") {
  const test::MemoryData data;
  const test::BatchSplit unclicked = without_clicks(data.validation);
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  config.train.early_stop.metric = "ctcvr.auc";
  TrainingData training = data.with_validation();
  training.validation = &unclicked;
  CHECK_THROWS_WITH(test::train_on(config, training),
                    Catch::Contains("ctcvr.auc is undefined on the validation split"));
  CHECK_FALSE(std::filesystem::exists(folder / "run"));
  config.train.early_stop.metric = "ctcvr.logloss";
  CHECK(test::train_on(config, training).validation.has_value());
}

TEST_CASE(
    "a calibration that the validation split's labels do not allow is refused before anything is written") {
  const test::MemoryData data;
  const test::BatchSplit unclicked = without_clicks(data.validation);
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  config.calibration.method = CalibrationMethod::platt;
  TrainingData training = data.with_validation();
  training.validation = &unclicked;
  CHECK_THROWS_WITH(test::train_on(config, training), Catch::Contains("too few positives to calibrate on"));
  CHECK_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_CASE("a folder that holds a run is not started over, one without a run is not resumed") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  const Config config = test::small_config(folder / "run");
  CHECK_THROWS_WITH(test::train_on(config, data.without_validation(), /*resume=*/true),
                    Catch::Contains("no run to resume"));
  test::train_on(config, data.without_validation());
  CHECK_THROWS_WITH(test::train_on(config, data.without_validation()),
                    Catch::Contains("--resume") && Catch::Contains("--run"));
}

TEST_CASE("a folder that holds a run is refused before the training split is counted") {
  test::MemoryData data;
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  test::train_on(config, data.without_validation());
  config.data.placement = Placement::device;
  data.train.gathers = data.train.fail_after = 0;  // to read any is an error
  CHECK_THROWS_WITH(test::train_on(config, data.without_validation()),
                    Catch::Contains("holds a run already"));
}

TEST_CASE("an interrupted run says where it is and how to go on, and leaves a model to look at") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(test::train_until(test::small_config(folder / "run"), data.without_validation(), 3),
                    Catch::Contains("step 3 of 15") && Catch::Contains("--resume"));
  CHECK(load_run(folder / "run").table_rows == test::kTableRows);
}

TEST_CASE("a loss that is not finite stops the run, and the checkpoint before it stays") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  config.train.checkpoint_every_steps = 1;
  config.train.schedule.warmup_steps = 1;
  config.train.towers.learning_rate = 1e30;
  CHECK_THROWS_WITH(test::train_on(config, data.without_validation()),
                    Catch::Contains("not finite at step") && Catch::Contains("learning_rate"));
  for (const auto& [name, tensor] : test::newest_checkpoint(folder / "run").tensors)
    CHECK(torch::isfinite(tensor).all().item<bool>());
}

TEST_CASE("what goes wrong while data is read ends the run with that error") {
  test::MemoryData data;
  data.train.fail_after = 4;
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(test::train_on(test::small_config(folder / "run"), data.without_validation()),
                    Catch::Contains("the shard is gone"));
}

}  // namespace
}  // namespace esmm::train
