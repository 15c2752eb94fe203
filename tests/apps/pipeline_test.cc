#include <fmt/format.h>
#include <httplib.h>
#include <signal.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "esmm/core/file.h"
#include "tests/apps/demo_run.h"
#include "tests/apps/program.h"
#include "tests/apps/raw_rows.h"
#include "tests/apps/score_table.h"
#include "tests/apps/server.h"

namespace esmm::test {
namespace {

using nlohmann::json;

constexpr size_t kTestRows = 10'000;

// Scores the raw test files and leaves the keys beside the scores.
void predict(const std::filesystem::path& scores, const std::filesystem::path& keys) {
  const DemoRun& demo = demo_run();
  esmm_done({"predict", demo.path("model.pt"), "--source",
             "test=" + demo.path("data/demo-raw/sample_skeleton_test.csv"), "--source",
             "test.common=" + demo.path("data/demo-raw/common_features_test.csv"), "--out", scores.string(),
             "--dump-keys", keys.string()});
}

// A line of three numbers per impression.
ScoreTable printed_scores(const std::string& text) {
  ScoreTable scores;
  std::istringstream lines(text);
  for (Probabilities row; lines >> row[0] >> row[1] >> row[2];) scores.push_back(row);
  return scores;
}

std::vector<RawRow> raw_test_rows() {
  return read_raw_rows(demo_run() / "data/demo-raw/sample_skeleton_test.csv",
                       demo_run() / "data/demo-raw/common_features_test.csv");
}

ScoreTable scores_of(const json& answer, size_t rows) {
  ScoreTable table(rows);
  for (size_t head = 0; head < 3; ++head) {
    const json& output = answer.at("outputs").at(head);
    CHECK(output.at("name") == std::array{"pctr", "pcvr", "pctcvr"}[head]);
    REQUIRE(output.at("data").size() == rows);
    for (size_t row = 0; row < rows; ++row) table[row][head] = output.at("data").at(row);
  }
  return table;
}

std::set<std::string> keys_of(const json& object) {
  std::set<std::string> keys;
  for (const auto& item : object.items()) keys.insert(item.key());
  return keys;
}

// Every file of a folder, by its place in it.
std::map<std::string, std::string> contents(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files[std::filesystem::relative(entry.path(), folder).string()] = read_file(entry.path());
    }
  }
  return files;
}

}  // namespace

TEST_CASE("esmm predict on the raw test files gives the probabilities of esmm evaluate") {
  const TemporaryFolder folder;
  predict(folder / "predicted.csv", folder / "keys");
  const ScoreTable evaluated = read_scores(demo_run() / "scores.csv");
  const ScoreTable predicted = read_scores(folder / "predicted.csv");
  CHECK(evaluated.size() == kTestRows);
  CHECK(predicted.size() == kTestRows);
  CHECK_FALSE(std::filesystem::exists(folder / "predicted.csv.rejected.csv"));  // no line was
  CHECK(differences(predicted, evaluated) == 0);
}

TEST_CASE("a program chooses how long its threads spin, and says so") {
  const TemporaryFolder folder;
  const Outcome trained = run({"/usr/bin/env", "-u", "GOMP_SPINCOUNT", "-u", "OMP_WAIT_POLICY", ESMM_PROGRAM,
                               "train", demo_run().path("configs/demo.yaml"), "--run",
                               (folder / "run").string(), "--set", "train.max_steps=1"});
  INFO(trained.err);
  CHECK(trained.code == 0);
  CHECK_THAT(trained.err, Catch::Matches("(.|\\n)*GOMP_SPINCOUNT=[1-9][0-9]*\\)(.|\\n)*"));
}

TEST_CASE("a program with LibTorch alone gives the probabilities of esmm evaluate") {
  const TemporaryFolder folder;
  predict(folder / "predicted.csv", folder / "keys");
  const Outcome outcome = run({ESMM_PLAIN_TORCH, demo_run().path("model.pt"), (folder / "keys").string()});
  REQUIRE(outcome.code == 0);
  const ScoreTable scored = printed_scores(outcome.out);
  CHECK(scored.size() == kTestRows);
  CHECK(differences(scored, read_scores(demo_run() / "scores.csv")) == 0);
}

#ifdef ESMM_INSTALLED_CONSUMER
TEST_CASE(
    "a program built against the installed Predictor gives raw values the probabilities of esmm evaluate") {
  const TemporaryFolder folder;
  const json dataset = json::parse(read_file(demo_run() / "data/demo/dataset.json"));
  write_file(folder / "impressions", consumer_lines(raw_test_rows(), dataset.at("schema")));
  INFO("ctest -R install builds the program");
  const Outcome outcome =
      run({ESMM_INSTALLED_CONSUMER, demo_run().path("model.pt"), (folder / "impressions").string()});
  REQUIRE(outcome.code == 0);
  const ScoreTable scored = printed_scores(outcome.out);
  CHECK(scored.size() == kTestRows);
  CHECK(differences(scored, read_scores(demo_run() / "scores.csv")) == 0);
}
#endif

TEST_CASE("esmm-serve answers raw values with the probabilities of esmm evaluate, and stops when asked") {
  constexpr size_t kRowsPerRequest = 1000;
  const DemoRun& demo = demo_run();
  Server server({"demo=" + demo.path("model.pt")});
  httplib::Client client("127.0.0.1", server.port());

  const auto metadata = client.Get("/v2/models/demo");
  REQUIRE(metadata);
  const std::vector<RawRow> rows = raw_test_rows();
  ScoreTable served;
  for (size_t begin = 0; begin < rows.size(); begin += kRowsPerRequest) {
    const auto some = std::span(rows).subspan(begin, kRowsPerRequest);
    const json request = infer_request(some, json::parse(metadata->body));
    const auto answer = client.Post("/v2/models/demo/infer", request.dump(), "application/json");
    REQUIRE(answer);
    INFO(answer->body.substr(0, 400));
    REQUIRE(answer->status == 200);
    const ScoreTable scores = scores_of(json::parse(answer->body), some.size());
    served.insert(served.end(), scores.begin(), scores.end());
  }
  CHECK(served.size() == kTestRows);
  CHECK(differences(served, read_scores(demo / "scores.csv")) == 0);

  const Outcome outcome = server.stop(SIGTERM);
  CHECK(outcome.code == 0);
  CHECK(outcome.error_lines().empty());
}

TEST_CASE("preparing the same logs again gives the same bytes") {
  const TemporaryFolder folder;
  esmm_done({"prepare", demo_run().path("configs/demo.yaml"), "--out", (folder / "again").string()});
  const auto first = contents(demo_run() / "data/demo"), again = contents(folder / "again");
  CHECK(first.size() >= 4);
  CHECK(first == again);
}

TEST_CASE("evaluation.json holds every metric of every head") {
  const json evaluation = json::parse(read_file(demo_run() / "runs/demo/evaluation.json"));
  CHECK(keys_of(evaluation) == std::set<std::string>{"ctr", "cvr", "ctcvr", "cvr_entire_space", "model"});
  CHECK(evaluation.at("model").get<std::string>().size() == 16);
  for (const std::string name : {"ctr", "cvr", "ctcvr", "cvr_entire_space"}) {
    INFO(name);
    const json& head = evaluation.at(name);
    CHECK(head.at("space") == (name == "cvr" ? "clicks" : "impressions"));
    const std::set<std::string> keys = keys_of(head);
    for (const char* key : {"rows", "positives", "auc", "auc_ci95", "gauc", "logloss", "normalized_entropy",
                            "pcoc", "ece", "auc_of_truth", "logloss_of_truth"}) {
      INFO(key);
      REQUIRE(keys.contains(key));
      CHECK((!head.at(key).is_null() || head.at(key + std::string("_reason")).is_string()));
    }
  }
  CHECK(evaluation.at("ctr").at("rows") == kTestRows);
  CHECK(evaluation.at("cvr").at("rows") == evaluation.at("ctr").at("positives"));
  CHECK(evaluation.at("cvr").at("positives") == evaluation.at("ctcvr").at("positives"));
}

TEST_CASE("esmm inspect says what a data set, a run and a model hold") {
  const DemoRun& demo = demo_run();
  const auto weights = Catch::Contains("109_14 by 109_14__weights, 110_14 by 110_14__weights");
  CHECK_THAT(esmm_done({"inspect", demo.path("data/demo")}), Catch::Contains("10000 impressions") && weights);
  CHECK_THAT(esmm_done({"inspect", demo.path("runs/demo"), "--config"}), Catch::Contains("batch_size: 256"));
  const std::string run = esmm_done({"inspect", demo.path("runs/demo")});
  INFO(run);
  CHECK(std::count(run.begin(), run.end(), '\n') < 24);  // a screen
  for (const char* part : {"method       esmm", "fields", "data/demo, ", " table rows\n", "loss         ",
                           "model.pt", "cvr_entire_space"})
    CHECK_THAT(run, Catch::Contains(part));
  CHECK_THAT(run, Catch::Contains("calibration  none\n") && weights);
  CHECK_THAT(esmm_done({"inspect", demo.path("model.pt")}),
             Catch::Contains("\"method\": \"esmm\"") && weights);
}

TEST_CASE("esmm inspect says which step of an unfinished run was the best so far") {
  const TemporaryFolder run;
  write_file(
      run / "config.yaml",
      "data:\n  path: prepared\n  sources: [{name: log, paths: log.csv}]\n"
      "  labels: {click: click, conversion: conversion}\n"
      "  split: {by: fraction, validation_fraction: 0.1, test_fraction: 0.1}\n  fields: [{name: user}]\n"
      "train: {run: run, early_stop: {metric: ctcvr.logloss}}\n");
  const auto validation = [](int step, double logloss, double auc) {
    return fmt::format(R"({{"type":"validation","step":{},"ctcvr.logloss":{},"ctcvr.auc":{}}})", step,
                       logloss, auc) +
           "\n";
  };
  write_file(run / "metrics.jsonl",
             validation(10, 0.5, 0.5) + validation(20, 0.4, 0.7) + validation(30, 0.45, 0.6));
  const std::string said = esmm_done({"inspect", run.path().string()});
  CHECK_THAT(said, Catch::Contains("validation   auc: ctcvr 0.6000\n"));
  CHECK_THAT(said, Catch::Contains("best         ctcvr.logloss 0.4000 at step 20\n"));
  CHECK_THAT(said, Catch::Contains("checkpoints  none\n"));
}

}  // namespace esmm::test
