#include "esmm/experiment/trials.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <map>
#include <set>

#include "esmm/core/error.h"
#include "tests/experiment/small_experiment.h"

namespace esmm::experiment {
namespace {

TuneConfig tune_of(const test::SmallExperiment& small, const std::string& ranges, int64_t trials = 400) {
  return small
      .config({"tune.trials=" + std::to_string(trials)},
              "tune:\n  metric: ctr.auc\n  ranges:\n    - " + ranges + "\n")
      .tune;
}

// The drawn texts of the first range.
std::vector<std::string> drawn(const TuneConfig& tune) {
  std::vector<std::string> values;
  for (const Trial& trial : draw_trials(tune))
    values.push_back(trial.set.at(0).substr(tune.ranges[0].key.size() + 1));
  return values;
}

// How many of the drawn numbers lie below `bound`; all lie in [low, high].
int64_t below(const TuneConfig& tune, double bound) {
  int64_t count = 0;
  for (const std::string& text : drawn(tune)) {
    const double value = std::stod(text);
    CHECK(value >= tune.ranges[0].low.value());
    CHECK(value <= tune.ranges[0].high.value());
    count += value < bound;
  }
  return count;
}

std::vector<std::string> problems_of(const test::SmallExperiment& small, const std::string& ranges) {
  std::vector<std::string> lines;
  try {
    check_ranges(tune_of(small, ranges), small.loader());
  } catch (const ConfigError& error) {
    for (const Problem& problem : error.problems()) lines.push_back(problem.line());
  }
  return lines;
}

TEST_CASE("linear and log ranges are drawn evenly over the number and over its logarithm") {
  const test::SmallExperiment small;
  // Half of 400 draws, give or take four standard deviations of 10.
  CHECK(below(tune_of(small, "{key: model.dropout, low: 0.2, high: 0.6}"), 0.4) == Approx(200).margin(40));
  CHECK(below(tune_of(small, "{key: train.towers.learning_rate, low: 1.0e-5, high: 1.0e-1, scale: log}"),
              1e-3) == Approx(200).margin(40));
}

TEST_CASE("a range of a key of whole numbers says so before a trial is drawn") {
  const test::SmallExperiment small;
  const std::string hint = "set scale: integer, or list the values";
  CHECK(
      problems_of(small, "{key: train.epochs, low: 1, high: 3}") ==
      std::vector<std::string>{"tune.ranges train.epochs: takes whole numbers: got scale: linear; " + hint});
  CHECK(
      problems_of(small, "{key: train.batch_size, low: 16, high: 64, scale: log}") ==
      std::vector<std::string>{"tune.ranges train.batch_size: takes whole numbers: got scale: log; " + hint});
  CHECK(problems_of(small, "{key: train.epochs, low: 1, high: 3, scale: integer}").empty());
  CHECK(problems_of(small, "{key: model.dropout, low: 0, high: 0.5}").empty());
}

TEST_CASE("an integer range holds both its ends, a list of values all of them") {
  const test::SmallExperiment small;
  const auto integers = drawn(tune_of(small, "{key: train.epochs, low: 2, high: 4, scale: integer}"));
  CHECK(std::set<std::string>(integers.begin(), integers.end()) == std::set<std::string>{"2", "3", "4"});
  const auto values = drawn(tune_of(small, "{key: model.layers, values: [\"[8, 4]\", \"[6]\"]}"));
  CHECK(std::set<std::string>(values.begin(), values.end()) == std::set<std::string>{"[8, 4]", "[6]"});
}

TEST_CASE("a trial depends on the seed and its number, not on how many there are") {
  const test::SmallExperiment small;
  const std::string range = "{key: model.dropout, low: 0, high: 0.9}";
  const auto few = drawn(tune_of(small, range, 5)), many = drawn(tune_of(small, range, 50));
  CHECK(few == std::vector<std::string>(many.begin(), many.begin() + 5));
  TuneConfig other = tune_of(small, range, 5);
  other.seed = 2;
  CHECK(drawn(other) != few);
}

TEST_CASE("a range of one number gives that number, exactly") {
  const test::SmallExperiment small;
  CHECK(drawn(tune_of(small, "{key: model.dropout, low: 0.123456, high: 0.123456}", 1)) ==
        std::vector<std::string>{"0.123456"});
}

TEST_CASE("a key that --set would refuse, and ends out of its bounds, are told with their range") {
  const test::SmallExperiment small;
  CHECK(problems_of(small, "{key: model.dropout, low: 0, high: 0.5}").empty());
  CHECK(problems_of(small, "{key: model.dropuot, low: 0, high: 0.5}") ==
        std::vector<std::string>{
            "tune.ranges model.dropuot: --set: model.dropuot: unknown key; did you mean \"dropout\"?"});
  CHECK(problems_of(small, "{key: model.dropout, low: 0, high: 1}") ==
        std::vector<std::string>{
            "tune.ranges model.dropout: --set: model.dropout: out of bounds: expected a number in "
            "[0, 1), got 1"});
  CHECK(problems_of(small, "{key: train.epochs, low: 1, high: 2.5}")
            .at(0)
            .starts_with("tune.ranges train.epochs: --set: train.epochs: wrong type"));
  CHECK(problems_of(small, "{key: model.method, values: [esmm, bass]}")
            .at(0)
            .starts_with("tune.ranges model.method: --set: model.method: unknown method"));
  CHECK(problems_of(small, "{key: model.layers.first, values: [1]}").size() == 1);
}

TEST_CASE("a search of nothing is refused") {
  const test::SmallExperiment small;
  CHECK_THROWS_WITH(check_ranges({}, small.loader()), Catch::Contains("tune.ranges: missing"));
}

TEST_CASE("a trial's config is the config with what was drawn, and no experiment's sections") {
  const test::SmallExperiment small;
  const auto configs = configs_of({{.number = 1, .set = {"model.dropout=0.25", "model.layers=[6]"}}},
                                  small.loader("tune: {metric: ctr.auc}"));
  REQUIRE(configs.size() == 1);
  CHECK(configs[0].model.dropout == 0.25);
  CHECK(configs[0].model.layers == std::vector<int64_t>{6});
  CHECK(configs[0].tune.metric.empty());
}

}  // namespace
}  // namespace esmm::experiment
