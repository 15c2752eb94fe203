#include "esmm/experiment/search_result.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace esmm::experiment {
namespace {

TriedRung rung(int64_t steps, metrics::Value mean) {
  return {.steps = steps,
          .score = {.values = {mean}, .mean = mean, .deviation = metrics::undefined("needs two seeds")}};
}

// Five trials of a halving search with two rungs: two went on, one diverged, one was not looked at.
SearchResult some_result(const std::string& metric) {
  SearchResult result{.config = "model: {}\n",
                      .fingerprint = "f00d",
                      .tune = {},
                      .rungs = {{.trials = 5, .share = 0.5}, {.trials = 2, .share = 1}},
                      .trials = {}};
  result.tune.metric = metric;
  using metrics::defined;
  result.trials.push_back({.trial = {.number = 1, .set = {"a=1"}}, .rungs = {rung(5, defined(0.9))}});
  result.trials.push_back(
      {.trial = {.number = 2, .set = {"a=2"}}, .rungs = {rung(5, metrics::undefined("diverged"))}});
  result.trials.push_back(
      {.trial = {.number = 3, .set = {"a=3"}}, .rungs = {rung(5, defined(0.5)), rung(10, defined(0.4))}});
  result.trials.push_back(
      {.trial = {.number = 4, .set = {"a=4"}}, .rungs = {rung(5, defined(0.3)), rung(10, defined(0.6))}});
  result.trials.push_back({.trial = {.number = 5, .set = {"a=5"}}, .rungs = {}});
  return result;
}

TEST_CASE("who came further ranks first, then the better score, then the smaller number; undefined is last") {
  CHECK(some_result("ctr.auc").ranking() == std::vector<size_t>{3, 2, 0, 1});
  CHECK(some_result("ctr.logloss").ranking() == std::vector<size_t>{2, 3, 0, 1});
  SearchResult equal = some_result("ctr.auc");
  equal.trials[2].rungs[1] = rung(10, metrics::defined(0.6));
  CHECK(equal.ranking() == std::vector<size_t>{2, 3, 0, 1});
}

TEST_CASE("the best is the first that was trained to its end, if it has a score") {
  CHECK(some_result("ctr.auc").best() == 3U);
  CHECK(some_result("ctr.logloss").best() == 2U);
  SearchResult unfinished = some_result("ctr.auc");
  unfinished.trials[2].rungs.pop_back();
  unfinished.trials[3].rungs.pop_back();
  CHECK_FALSE(unfinished.best());
  SearchResult undefined = some_result("ctr.auc");
  undefined.trials[2].rungs[1] = undefined.trials[3].rungs[1] = rung(10, metrics::undefined("diverged"));
  CHECK_FALSE(undefined.best());
}

TEST_CASE("trials.json holds every trial's rungs") {
  const auto json = nlohmann::json::parse(to_json(some_result("ctr.logloss")));
  CHECK(json.at("kind") == "esmm trials 1");
  CHECK(json.at("better") == "lower");
  CHECK(json.at("best") == 3);
  CHECK(json.at("rungs").at(0) == nlohmann::json{{"trials", 5}, {"share", 0.5}});
  const auto& trials = json.at("trials");
  REQUIRE(trials.size() == 5);
  CHECK(trials.at(3).at("set") == nlohmann::json{"a=4"});
  CHECK(trials.at(3).at("rungs").at(1).at("steps") == 10);
  CHECK(trials.at(3).at("rungs").at(1).at("mean") == 0.6);
  CHECK(trials.at(1).at("rungs").at(0).at("mean").is_null());
  CHECK(trials.at(1).at("rungs").at(0).at("mean_reason") == "diverged");
  CHECK(trials.at(4).at("rungs").empty());
}

TEST_CASE("the table lists the trials by ranking") {
  const std::string table = trials_table(some_result("ctr.auc"));
  CHECK_THAT(table, Catch::Contains("| 4 | a=4 | 10 | 0.60000 | 0.0 |\n| 3 | a=3 | 10 | 0.40000 | 0.0 |\n"
                                    "| 1 | a=1 | 5 | 0.90000 | 0.0 |\n| 2 | a=2 | 5 | diverged | 0.0 |\n"));
}

}  // namespace
}  // namespace esmm::experiment
