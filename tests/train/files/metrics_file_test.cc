#include "esmm/train/files/metrics_file.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esmm/core/file.h"
#include "tests/support/temporary_folder.h"

namespace esmm::train {
namespace {

TrainRecord record(int64_t step) {
  return {.step = step,
          .epoch = 2,
          .samples = 32,
          .losses = {{"ctcvr", 0.25}, {"ctr", 0.5}},
          .learning_rate = 0.125,
          .table_learning_rate = 0.0625,
          .samples_per_second = 64,
          .seconds = 0.5};
}

TEST_CASE("a training line holds the loss, its terms, rates and speed") {
  const test::TemporaryFolder folder;
  MetricsFile(folder / "metrics.jsonl", 0).write(record(4));
  CHECK(
      read_file(folder / "metrics.jsonl") ==
      R"({"type":"train","step":4,"epoch":2,"samples":32,"seconds":0.5,"loss":0.75,"loss_ctcvr":0.25,"loss_ctr":0.5,)"
      R"("learning_rate":0.125,"table_learning_rate":0.0625,"samples_per_second":64.0})"
      "\n");
}

TEST_CASE("a validation line holds the main metrics, null where undefined") {
  const test::TemporaryFolder folder;
  metrics::Evaluation validation;
  validation.ctr.auc.number = 0.75;
  MetricsFile(folder / "metrics.jsonl", 0).write(record(4), validation);
  const auto line = nlohmann::json::parse(read_file(folder / "metrics.jsonl"));
  CHECK(line.at("type") == "validation");
  CHECK(line.at("step") == 4);
  CHECK(line.at("ctr.auc") == 0.75);
  CHECK(line.at("ctcvr.logloss").is_null());
  CHECK_FALSE(line.contains("loss"));
}

TEST_CASE("opened at a step, lines after it and a torn last line are dropped") {
  const test::TemporaryFolder folder;
  const std::string kept = "{\"step\":2}\n{\"step\":4}\n";
  for (const std::string rest : {"{\"step\":5}\n{\"step\":6}\n", "{\"st", "", "{\"step\":5}\n{\"st"}) {
    write_file(folder / "metrics.jsonl", kept + rest);
    MetricsFile(folder / "metrics.jsonl", 4);
    CHECK(read_file(folder / "metrics.jsonl") == kept);
  }
}

}  // namespace
}  // namespace esmm::train
