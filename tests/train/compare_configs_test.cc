#include "esmm/train/compare_configs.h"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

#include "esmm/core/error.h"

namespace esmm::train {
namespace {

constexpr const char* kConfig = R"(
data:
  path: out
  sources: [{name: log, paths: log.parquet}, {name: users, paths: "users*.parquet"}]
  joins: [{source: users, key: user}]
  derived: [{name: hour, column: time, hour_of: seconds}]
  labels: {click: click, conversion: buy}
  fields:
    - {name: user}
    - {name: hour}
    - {name: seen, kind: multi, separator: " ", weights: times}
    - {name: price, kind: numeric, buckets: {method: edges, edges: [1, 2]}}
train: {run: run}
)";

Config config_with(const std::vector<std::string>& changes) {
  return parse_config(kConfig, "test.yaml", "/conf", changes);
}

// "key: expected, got" of each difference.
std::vector<std::string> differences(const std::vector<std::string>& changes) {
  try {
    require_same_data(config_with({}), config_with(changes));
  } catch (const ConfigError& error) {
    std::vector<std::string> lines;
    for (const Problem& problem : error.problems())
      lines.push_back(problem.where + ": " + problem.expected + ", " + problem.got);
    return lines;
  }
  return {};
}

using Lines = std::vector<std::string>;

TEST_CASE("any key that says how logs are read must be the data set's") {
  const std::vector<std::pair<std::string, std::string>> changes{
      {"data.sources.log.delimiter=;", "data.sources.log.delimiter: ,, ;"},
      {"data.joins[0].required=true", "data.joins.users.required: false, true"},
      {"data.joins[0].right_key=id", "data.joins.users.right_key: \"\", id"},
      {"data.derived.hour.hour_of=milliseconds", "data.derived.hour.hour_of: seconds, milliseconds"},
      {"data.derived.hour.utc_offset_minutes=60", "data.derived.hour.utc_offset_minutes: 0, 60"},
      {"data.labels.click=clicked", "data.labels.click: click, clicked"},
      {"data.labels.conversion_requires_click=true", "data.labels.conversion_requires_click: false, true"},
      {"data.split.seed=2", "data.split.seed: 1, 2"},
      {"data.id=line", "data.id: \"\", line"},
      {"data.group_by=user", "data.group_by: \"\", user"},
      {"data.vocabulary.min_frequency=3", "data.vocabulary.min_frequency: 1, 3"},
      {"data.fields.user.type=integer", "data.fields.user.type: string, integer"},
      {"data.fields.user.side=user", "data.fields.user.side: context, user"},
      {"data.fields.user.kind=multi", "data.fields.user.kind: categorical, multi"},
      {"data.fields.seen.separator='|'", "data.fields.seen.separator:  , |"},
      {"data.fields.seen.pooling=sum", "data.fields.seen.pooling: mean, sum"},
      {"data.fields.seen.weights=seconds", "data.fields.seen.weights: times, seconds"},
      {"data.fields.seen.shares=user", "data.fields.seen.shares: \"\", user"},
      {"data.fields.price.buckets.edges=[1, 3]", "data.fields.price.buckets.edges: [1, 2], [1, 3]"},
      {"data.fields.user.name=usr", "data.fields: [user, hour, seen, price], [usr, hour, seen, price]"},
  };
  for (const auto& [change, difference] : changes) {
    INFO(change);
    CHECK_THAT(differences({change}), Catch::VectorContains(difference));
  }
}

TEST_CASE("every difference is told, and another operation says what was there") {
  CHECK(differences({"data.derived.hour.hour_of=", "data.derived.hour.divide=100", "data.id=line"}) ==
        Lines{"data.derived.hour.divide: none, 100", "data.derived.hour.hour_of: seconds, \"\"",
              "data.id: \"\", line"});
}

TEST_CASE("where files lie, how much may be rejected, model and training may change") {
  CHECK(differences({"data.path=/elsewhere", "data.placement=device", "data.max_rejected=0.5",
                     "data.sources.log.paths=[a.parquet, b.parquet]", "data.sources.users.paths=u.parquet",
                     "model.dimension=3", "train.epochs=9"}) == Lines{});
}

TEST_CASE("a delimiter that a file's name tells is the one that is given") {
  const std::vector<std::string> csv{"data.sources.log.paths=log.csv"}, tsv{"data.sources.log.paths=log.tsv"};
  const auto with = [](std::vector<std::string> changes, const std::string& delimiter) {
    changes.push_back("data.sources.log.delimiter=" + delimiter);
    return config_with(changes);
  };
  CHECK_NOTHROW(require_same_data(with(csv, "','"), config_with(csv)));
  CHECK_NOTHROW(require_same_data(config_with(tsv), with(tsv, "\\t")));
  CHECK_THROWS_WITH(require_same_data(config_with(csv), with(csv, ";")),
                    Catch::Contains("data.sources.log.delimiter"));
}

TEST_CASE("a resumed run may be longer and log more often, not differ else") {
  CHECK_NOTHROW(require_same_run(config_with({}), config_with({"train.epochs=9", "train.log_every_steps=3",
                                                               "train.run=/elsewhere", "data.id=line"})));
  CHECK_THROWS_WITH(require_same_run(config_with({}), config_with({"train.batch_size=16"})),
                    Catch::Contains("train.batch_size: differs from the run that is to be resumed: expected "
                                    "1024, got 16; set it back"));
  CHECK_THROWS_WITH(require_same_run(config_with({}), config_with({"model.layers=[8]"})),
                    Catch::Contains("expected [360, 200, 80], got [8]"));
}

}  // namespace
}  // namespace esmm::train
