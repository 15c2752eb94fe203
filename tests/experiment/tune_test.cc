#include "esmm/experiment/tune.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esmm/core/error.h"
#include "tests/experiment/small_experiment.h"

namespace esmm::experiment {
namespace {

using nlohmann::json;

constexpr const char* kRanges = R"(
  ranges:
    - {key: train.towers.learning_rate, low: 1.0e-4, high: 1.0e-1, scale: log}
    - {key: model.layers, values: ["[8, 4]", "[6]"]}
)";

std::string section(const std::string& keys, const std::string& ranges = kRanges) {
  return "tune:\n  metric: ctr.logloss\n" + keys + ranges;
}

TunePlan plan_of(const test::SmallExperiment& small, const std::string& text) {
  TunePlan plan{.config = small.config({}, text), .trials = {}, .configs = {}, .out = small.folder / "out"};
  plan.trials = draw_trials(plan.config.tune);
  plan.configs = configs_of(plan.trials, small.loader(text));
  return plan;
}

SearchResult tuned(const test::SmallExperiment& small, const std::string& text,
                   const RunOptions& options = {}) {
  return tune(plan_of(small, text), small.training, options);
}

// trials.json without what depends on the clock.
json trials_of(const test::SmallExperiment& small) {
  json trials = json::parse(read_file(small.folder / "out/trials.json")).at("trials");
  for (json& trial : trials) {
    for (json& rung : trial.at("rungs")) rung.erase("train_seconds");
  }
  return trials;
}

double score_of(const train::TrainReport& report) {
  return report.validation.value().ctr.logloss.number.value();
}

TEST_CASE("the best trial by the validation split is a config that trains to that trial's very score") {
  const test::SmallExperiment small;
  const SearchResult result = tuned(small, section("  trials: 5"));
  CHECK(read_file(small.folder / "out/trials.json") == to_json(result));
  REQUIRE(result.best());
  const TriedTrial& best = result.trials[*result.best()];
  for (const TriedTrial& tried : result.trials) {
    REQUIRE(tried.rungs.size() == 1);
    CHECK(tried.rungs[0].steps == 15);
    CHECK(tried.rungs[0].score.mean.number.value() >= best.rungs[0].score.mean.number.value());
  }
  const std::string text = read_file(small.folder / "out/best.yaml");
  CHECK_THAT(text, Catch::StartsWith("# Trial " + std::to_string(best.trial.number) + " of 5, ctr.logloss "));
  const Config config = parse_config(text, "best.yaml", "/");
  CHECK(config.train.run == small.folder / "out/best");
  CHECK(score_of(test::train_on(config, small.training)) == best.rungs[0].score.mean.number);
}

TEST_CASE("finished trials are not trained again; more trials train those alone") {
  const test::SmallExperiment small;
  tuned(small, section("  trials: 2\n  seeds_per_trial: 2"));
  const json before = trials_of(small);
  const int64_t gathers = small.data.train.gathers;
  tuned(small, section("  trials: 2\n  seeds_per_trial: 2"));
  CHECK(small.data.train.gathers == gathers);
  CHECK(trials_of(small) == before);
  tuned(small, section("  trials: 3\n  seeds_per_trial: 2"));
  CHECK(small.data.train.gathers == gathers + gathers / 2);
  CHECK(trials_of(small).at(1) == before.at(1));
}

TEST_CASE("a trial counts with the mean over its seeds") {
  const test::SmallExperiment small;
  const SearchResult result = tuned(small, section("  trials: 1\n  seeds_per_trial: 2"));
  const Summary& score = result.trials[0].rungs[0].score;
  REQUIRE(score.values.size() == 2);
  CHECK(score.values[0].number != score.values[1].number);
  CHECK(*score.mean.number == Approx((*score.values[0].number + *score.values[1].number) / 2));
}

TEST_CASE("a search interrupted at any step and called again ends as the uninterrupted one") {
  for (const char* keys : {"  trials: 3", "  trials: 3\n  search: halving"}) {
    const test::SmallExperiment whole;
    tuned(whole, section(keys));
    const json expected = trials_of(whole);
    for (const int64_t steps : {0, 4, 7, 16, 20}) {
      INFO(keys << ", " << steps);
      const test::SmallExperiment small;
      CHECK_THROWS_AS(tuned(small, section(keys), test::stopping_after(steps)), Interrupted);
      tuned(small, section(keys));
      CHECK(trials_of(small) == expected);
    }
  }
}

TEST_CASE("halving trains all trials a little, the better ones on, and they end as if trained at once") {
  const test::SmallExperiment small;
  const SearchResult result = tuned(small, section("  trials: 9\n  search: halving"));
  std::vector<double> first_look;
  for (const TriedTrial& tried : result.trials) first_look.push_back(*tried.rungs.at(0).score.mean.number);
  std::sort(first_look.begin(), first_look.end());
  int64_t to_the_end = 0;
  for (const TriedTrial& tried : result.trials) {
    CHECK(tried.rungs[0].steps == 2);
    CHECK((tried.rungs.size() > 1) == (*tried.rungs[0].score.mean.number <= first_look[2]));
    to_the_end += tried.rungs.size() == 3;
  }
  CHECK(to_the_end == 1);
  const TriedTrial& best = result.trials[result.best().value()];
  CHECK(best.rungs[1].steps == 5);
  CHECK(best.rungs[2].steps == 15);
  Config config = plan_of(small, section("  trials: 9")).configs[*result.best()];
  config.train.run = small.folder / "at_once";
  CHECK(score_of(test::train_on(config, small.training)) == best.rungs[2].score.mean.number);
}

TEST_CASE("a trial that diverges has no score, and is not trained again") {
  const test::SmallExperiment small;
  const std::string text =
      section("  trials: 6", "\n  ranges: [{key: train.towers.learning_rate, values: [1.0e-3, 1.0e+38]}]\n");
  const SearchResult result = tuned(small, text);
  int64_t diverged = 0;
  for (const TriedTrial& tried : result.trials) {
    const bool wild = tried.trial.set[0] == "train.towers.learning_rate=1.0e+38";
    diverged += wild;
    CHECK(tried.rungs[0].score.mean.number.has_value() == !wild);
    if (wild) CHECK_THAT(tried.rungs[0].score.mean.reason, Catch::Contains("not finite"));
  }
  CHECK(diverged > 0);
  CHECK(diverged < 6);
  CHECK(result.trials[result.best().value()].trial.set[0] == "train.towers.learning_rate=1.0e-3");
  const int64_t gathers = small.data.train.gathers;
  tuned(small, text);
  CHECK(small.data.train.gathers == gathers);
}

TEST_CASE("where every trial diverges there is no best") {
  const test::SmallExperiment small;
  CHECK_THROWS_WITH(
      tuned(small,
            section("  trials: 1", "\n  ranges: [{key: train.towers.learning_rate, values: [1.0e+38]}]\n")),
      Catch::Contains("no trial has a ctr.logloss"));
}

TEST_CASE("a folder with trials of another config is refused, naming the key") {
  const test::SmallExperiment small;
  tuned(small, section("  trials: 2"));
  TunePlan plan = plan_of(small, section("  trials: 2"));
  plan.configs[1].model.dropout = 0.5;
  CHECK_THROWS_WITH(tune(plan, small.training, {}),
                    Catch::Contains("trial-2/seed-1: model.dropout: differs"));
  CHECK_THROWS_WITH(tuned(small, section("  trials: 9\n  search: halving")),
                    Catch::Contains("trained further than this search looks first"));
}

TEST_CASE("trials on a data set that was prepared again since are refused") {
  const test::SmallExperiment small;
  tuned(small, section("  trials: 1"));
  train::TrainingData other = small.training;
  other.fingerprint = "another";
  CHECK_THROWS_WITH(tune(plan_of(small, section("  trials: 1")), other, {}),
                    Catch::Contains("trial-1/seed-1 was trained on: got one that was prepared again since"));
}

TEST_CASE("a data set without a validation split cannot be tuned on") {
  const test::SmallExperiment small;
  CHECK_THROWS_WITH(tune(plan_of(small, section("  trials: 1")), small.data.without_validation(), {}),
                    Catch::Contains("tune needs a validation split"));
}

}  // namespace
}  // namespace esmm::experiment
