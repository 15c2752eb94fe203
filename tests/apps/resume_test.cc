#include <fmt/format.h>
#include <signal.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

#include "esmm/core/file.h"
#include "tests/apps/demo_run.h"
#include "tests/apps/program.h"
#include "tests/apps/score_table.h"
#include "tests/apps/server.h"

namespace esmm::test {
namespace {

Arguments train_command(const std::filesystem::path& run) {
  return {"train",     demo_run().path("configs/demo.yaml"),
          "--run",     run.string(),
          "--set",     "train.batch_size=128",
          "--set",     "train.log_every_steps=1",
          "--set",     "train.epochs=2",
          "--threads", "1"};
}

Arguments with(Arguments arguments, const std::string& more) {
  arguments.push_back(more);
  return arguments;
}

size_t lines_of(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return 0;
  const std::string text = read_file(file);
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

// The run's files that do not depend on the clock, once it has ended.
struct Ended {
  std::string model, config, evaluation, scores;
  bool operator==(const Ended&) const = default;
};

Ended ended(const std::filesystem::path& run) {
  const std::string scores = (run / "scores.csv").string();
  esmm_done({"evaluate", run.string(), "--scores", scores});
  return {read_file(run / "checkpoints/model.pt"), read_file(run / "config.yaml"),
          read_file(run / "evaluation.json"), read_file(scores)};
}

}  // namespace

TEST_CASE("Ctrl-C leaves a checkpoint, and the resumed run ends as if nothing had happened") {
  const TemporaryFolder folder;
  const std::filesystem::path run = folder / "run";
  esmm_done(train_command(run));
  const Ended uninterrupted = ended(run);
  const size_t all_steps = lines_of(run / "metrics.jsonl");
  std::filesystem::remove_all(run);

  Arguments command = train_command(run);
  command.insert(command.begin(), ESMM_PROGRAM);
  Program training(command);
  wait_until(training, [&] { return lines_of(run / "metrics.jsonl") >= 5; });
  training.send(SIGINT);
  const Outcome interrupted = training.wait();
  INFO(interrupted.err);
  CHECK(interrupted.code == 130);
  REQUIRE(interrupted.error_lines().size() == 1);
  CHECK_THAT(interrupted.error_lines()[0], Catch::Contains("--resume"));
  CHECK(interrupted.out.empty());
  const size_t steps = lines_of(run / "metrics.jsonl");
  CHECK(steps >= 5);
  REQUIRE(steps < all_steps);

  esmm_done(with(train_command(run), "--resume"));
  CHECK(lines_of(run / "metrics.jsonl") == all_steps);
  const Ended resumed = ended(run);
  CHECK((resumed.model == uninterrupted.model));
  CHECK(resumed.config == uninterrupted.config);
  CHECK(resumed.evaluation == uninterrupted.evaluation);
  CHECK((resumed.scores == uninterrupted.scores));

  const Outcome shorter = esmm(with(with(train_command(run), "--resume"), "--set=train.max_steps=1"));
  CHECK(shorter.code == 0);
  CHECK_THAT(shorter.err, Catch::Contains(fmt::format("has made {} steps, more than the 1 that", all_steps)));
  CHECK((ended(run).model == uninterrupted.model));
}

TEST_CASE("prepare that is told to end leaves nothing behind") {
  const TemporaryFolder folder;
  std::string rows = "user,click,conversion\n";
  while (rows.size() < 50'000'000) rows += "u1,1,1\nu2,0,0\nu3,1,0\n";
  write_file(folder / "log.csv", rows);
  write_file(folder / "config.yaml",
             "data:\n  path: prepared\n  sources: [{name: log, paths: log.csv}]\n"
             "  labels: {click: click, conversion: conversion}\n"
             "  split: {by: fraction, test_fraction: 0.5}\n  fields: [{name: user}]\n"
             "model: {layers: [4]}\ntrain: {run: run}\n");
  Program prepare({ESMM_PROGRAM, "prepare", folder / "config.yaml", "--threads", "1"});
  wait_until(prepare, [&] { return !glob(folder / "prepared*").empty(); });
  prepare.send(SIGTERM);
  const Outcome outcome = prepare.wait();
  INFO(outcome.err);
  CHECK(outcome.code == 130);
  REQUIRE(outcome.error_lines().size() == 1);
  CHECK_THAT(outcome.error_lines()[0], Catch::Contains("interrupted before the data set was complete"));
  CHECK(glob(folder / "prepared*").empty());
}

TEST_CASE("a run with another seed ends elsewhere") {
  const TemporaryFolder folder;
  esmm_done(train_command(folder / "a"));
  esmm_done(with(with(train_command(folder / "b"), "--set"), "train.seed=2"));
  CHECK((ended(folder / "a").scores != ended(folder / "b").scores));
}

TEST_CASE(
    "a run whose impressions are kept on the device predicts what one that reads them from files does") {
  for (const std::string per_user : {"0", "4"}) {
    const TemporaryFolder folder;
    const auto run = [&](const std::string& placement) {
      Arguments command = train_command(folder / placement);
      for (const std::string& setting :
           {"train.impressions_per_user=" + per_user, "data.placement=" + placement})
        command.insert(command.end(), {"--set", setting});
      const Outcome outcome = esmm(command);
      INFO(outcome.err);
      REQUIRE(outcome.code == 0);
      return outcome.err;
    };
    run("host");
    CHECK_THAT(run("device"), Catch::Contains("keeping the training split in memory: ") &&
                                  Catch::Contains(" impressions, ") && Catch::Contains(" MiB on cpu"));
    CHECK((ended(folder / "host").scores == ended(folder / "device").scores));
  }
}

}  // namespace esmm::test
