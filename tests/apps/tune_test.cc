#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "esmm/core/file.h"
#include "esmm/core/random.h"
#include "tests/apps/program.h"

namespace esmm::test {
namespace {

using nlohmann::json;

// Impressions of three days: day 1 trains, day 2 validates, day 3 tests. Users' and items' clicks differ.
std::string logs(bool flip_test_labels) {
  std::string rows = "user,item,day,click,conversion\n";
  Random random(7);
  for (int i = 0; i < 600; ++i) {
    const int user = static_cast<int>(random.below(10)), item = static_cast<int>(random.below(8)),
              day = 1 + i / 200;
    const bool click = random.uniform() < 0.1 * user;
    const bool conversion = click && random.uniform() < 0.1 * item;
    const bool flip = flip_test_labels && day == 3;
    rows +=
        fmt::format("u{},i{},{},{:d},{:d}\n", user, item, day, flip ? !click : click, !flip && conversion);
  }
  return rows;
}

constexpr const char* kConfig = R"(
data:
  path: prepared
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: conversion, conversion_requires_click: true}
  split: {by: column, column: day, train: {to: 1}, validation: {values: [2]}, test: {from: 3}}
  fields: [{name: user}, {name: item}]
model: {layers: [4]}
train: {run: run, device: cpu, threads: 1, batch_size: 50}
tune:
  out: search
  metric: ctr.auc
  trials: 3
  ranges:
    - {key: train.table.learning_rate, low: 1.0e-3, high: 1.0e-1, scale: log}
    - {key: train.epochs, low: 1, high: 3, scale: integer}
)";

// What the search finds: trials without times, and the best config without its folder.
struct Found {
  json trials;
  std::string best;
};

Found tune_on(const TemporaryFolder& folder, bool flip_test_labels) {
  write_file(folder / "log.csv", logs(flip_test_labels));
  write_file(folder / "config.yaml", kConfig);
  const std::string config = (folder / "config.yaml").string();
  esmm_done({"prepare", config});
  const std::string printed = esmm_done({"tune", config});
  CHECK_THAT(printed,
             Catch::Contains("| trial | settings | steps | ctr.auc |") && Catch::Contains("best.yaml"));
  Found found{.trials = json::parse(read_file(folder / "search/trials.json")).at("trials"),
              .best = read_file(folder / "search/best.yaml")};
  for (json& trial : found.trials) trial.at("rungs").at(0).erase("train_seconds");
  found.best = found.best.substr(0, found.best.find('\n'));
  return found;
}

}  // namespace

TEST_CASE("esmm tune finds the same whatever the labels of the test split are, and its config trains") {
  const TemporaryFolder folder, other;
  const Found found = tune_on(folder, false), flipped = tune_on(other, true);
  CHECK(read_file(folder / "log.csv") != read_file(other / "log.csv"));
  CHECK(found.trials == flipped.trials);
  CHECK(found.best == flipped.best);
  esmm_done({"train", (folder / "search/best.yaml").string()});
  esmm_done({"evaluate", (folder / "search/best").string(), "--split", "validation"});
  const json evaluation = json::parse(read_file(folder / "search/best/evaluation_validation.json"));
  CHECK_THAT(found.best, Catch::Contains(fmt::format("ctr.auc {:.5f} on the validation split",
                                                     evaluation.at("ctr").at("auc").get<double>())));
}

TEST_CASE("a search that cannot be is one line and exit code 2") {
  const TemporaryFolder folder;
  write_file(folder / "log.csv", logs(false));
  write_file(folder / "config.yaml", kConfig);
  const std::string config = (folder / "config.yaml").string();
  esmm_done({"prepare", config});
  const auto check = [&](const std::string& setting, const std::string& line) {
    const Outcome outcome = esmm({"tune", config, "--set", setting});
    INFO(outcome.err);
    CHECK(outcome.code == 2);
    REQUIRE(outcome.error_lines().size() == 1);
    CHECK_THAT(outcome.error_lines()[0], Catch::Contains(line));
  };
  check("tune.ranges[0].key=train.table.learning_rat", "tune.ranges train.table.learning_rat: --set: ");
  check("tune.ranges[1].low=0", "train.epochs: out of bounds: expected a number >= 1, got 0");
  check("tune.ranges[1].low=4", "tune.ranges[1]: low lies above high: got 4 and 3");
  check("tune.metric=ctr.acu", "tune.metric: not a metric");
  check("tune.trials=0", "tune.trials: out of bounds");
  check("tune.ranges=[]", "tune.ranges: missing");
  check("tune.out=", "tune.out: missing; give it in the config, or give --out");
}

}  // namespace esmm::test
