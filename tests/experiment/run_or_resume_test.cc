#include "esmm/experiment/run_or_resume.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "tests/experiment/small_experiment.h"

namespace esmm::experiment {
namespace {

Config small_run(const test::SmallExperiment& small, const std::vector<std::string>& overrides = {}) {
  Config config = small.config(overrides);
  config.train.run = small.folder / "run";
  return config;
}

std::vector<std::string> lines_of(const Config& config) {
  std::vector<std::string> lines;
  try {
    require_agreement(config);
  } catch (const ConfigError& error) {
    for (const Problem& problem : error.problems()) lines.push_back(problem.line());
  }
  return lines;
}

TEST_CASE("a run goes from nothing to its end, from a checkpoint to its end, and from its end nowhere") {
  const test::SmallExperiment small;
  const Config config = small_run(small);
  CHECK_THROWS_AS(run_or_resume(config, small.training, test::stopping_after(6)), Interrupted);
  CHECK(test::newest_checkpoint(config.train.run).state.step == 7);
  CHECK(run_or_resume(config, small.training, {}).steps == 15);
  const int64_t gathers = small.data.train.gathers;
  CHECK(run_or_resume(config, small.training, {}).samples == 3 * 73);
  CHECK(small.data.train.gathers == gathers);
}

TEST_CASE("who is interrupted is told that the same command goes on") {
  const test::SmallExperiment small;
  CHECK_THROWS_WITH(run_or_resume(small_run(small), small.training, test::stopping_after(1)),
                    Catch::Contains("step 2 of 15") && Catch::Contains("the same command goes on"));
  CHECK_THROWS_AS(stop_if_wanted(test::stopping_after(0), small.folder.path()), Interrupted);
  CHECK_NOTHROW(stop_if_wanted({}, small.folder.path()));
}

TEST_CASE("each key that differs from the run that is there is named") {
  const test::SmallExperiment small;
  CHECK(lines_of(small_run(small)).empty());
  run_or_resume(small_run(small), small.training, {});
  CHECK(lines_of(small_run(small, {"train.threads=3", "train.loader_threads=2", "train.log_every_steps=9",
                                   "train.checkpoint_every_steps=2", "train.device=auto"}))
            .empty());
  const std::string where = (small.folder / "run").string();
  const std::string hint = "; set it back, remove that run, or choose another folder with --out";
  CHECK(lines_of(small_run(small, {"train.epochs=4", "model.layers=[8]"})) ==
        std::vector<std::string>{
            where + ": model.layers: differs from the run that is there: expected [8, 4], got [8]" + hint,
            where + ": train.epochs: differs from the run that is there: expected 3, got 4" + hint});
}

TEST_CASE("a key that the saved config lacks counts with its default") {
  const test::SmallExperiment small;
  write_file(small.folder / "run/config.yaml", test::kSmallConfig);
  CHECK(lines_of(small_run(small)).empty());
  CHECK(lines_of(small_run(small, {"model.dropout=0.5"})).size() == 1);
}

}  // namespace
}  // namespace esmm::experiment
