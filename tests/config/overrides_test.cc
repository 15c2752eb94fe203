#include "esmm/config/overrides.h"

#include <catch2/catch.hpp>

#include "tests/config/support.h"

using esmm::test::kValid;
using esmm::test::parse;
using esmm::test::problems_of;
using esmm::test::valid_with;

TEST_CASE("an override replaces a value, makes missing sections and counts list entries from 0") {
  const esmm::Config config =
      parse(kValid, {"train.epochs=3", "train.table.l2=0.5", "data.fields.2.side=item",
                     "data.fields[0].type=integer", "model.layers=[1, 2, 3]", "train.epochs=4"});
  CHECK(config.train.epochs == 4);
  CHECK(config.train.table.l2 == 0.5);
  CHECK(config.data.fields[2].side == esmm::Side::item);
  CHECK(config.data.fields[0].type == esmm::ValueType::integer);
  CHECK(config.model.layers == std::vector<int64_t>{1, 2, 3});
}

TEST_CASE("an override names an entry by its name, also one of names") {
  const std::string text = valid_with("{name: user}", "{names: [user, \"101\", item]}");
  const esmm::Config config = parse(text, {"data.sources.log.paths=/x.csv", "data.fields.101.side=user"});
  CHECK(config.data.sources[0].paths == std::vector<std::filesystem::path>{"/x.csv"});
  CHECK(config.data.fields[0].side == esmm::Side::context);
  CHECK(config.data.fields[1].side == esmm::Side::user);
}

TEST_CASE("an override's empty value is the empty text, and its value may hold =") {
  CHECK(parse(valid_with("train: {run: run}", "train: {run: run, early_stop: {metric: oops}}"),
              {"train.early_stop.metric="})
            .train.early_stop.metric.empty());
  CHECK(parse(kValid, {"data.group_by=a=b"}).data.group_by == "a=b");
  for (const std::string text : {"|", "#", ">", "|x"})  // YAML has other meanings for these
    CHECK(parse(kValid, {"data.group_by=" + text}).data.group_by == text);
}

TEST_CASE("an override that fits nothing is one line") {
  const auto line = [](const std::string& text) {
    const auto lines = problems_of(kValid, {text});
    REQUIRE(lines.size() == 1);
    return lines[0];
  };
  CHECK(line("epochs") ==
        "--set: not an override: expected key.path=value, as in train.epochs=2, got epochs");
  CHECK(line("=3") == "--set: not an override: expected key.path=value, as in train.epochs=2, got =3");
  CHECK(line("train.epoch=3") == "--set: train.epoch: unknown key; did you mean \"epochs\"?");
  CHECK(line("train.epochs=[1") ==
        "--set: the value is not valid YAML: got train.epochs=[1; close its brackets and quotes, and quote a "
        "comma");
  CHECK(line("data.group_by=,") ==
        "--set: the value is not valid YAML: got data.group_by=,; close its brackets and quotes, and quote a "
        "comma");
  CHECK(
      line("data.fields.9.side=user") ==
      "--set: nothing is called \"9\": got data.fields.9.side=user; the list has 3 entries, counted from 0");
  CHECK(line("train.run.x=1") ==
        "--set: nothing is called \"x\": got train.run.x=1; the key above it holds a single value");
}

TEST_CASE("bounds that contradict each other are told where --set gave one of them") {
  const std::string text = valid_with("by: fraction, test_fraction: 0.25",
                                      "by: column, column: day, train: {from: 1, to: 4}, test: {from: 5}");
  const std::string overlaps = "; an impression belongs to one split; from and to are inclusive";
  using Lines = std::vector<std::string>;
  CHECK(problems_of(text, {"data.split.test.from=4"}) ==
        Lines{"--set: data.split.test: overlaps train" + overlaps});
  CHECK(problems_of(text, {"data.split.train.to=5"}) ==
        Lines{"--set: data.split.train: overlaps test" + overlaps});
  CHECK(problems_of(text, {"data.split.train.from=9"}) ==
        Lines{"--set: data.split.train: from lies behind to: got from 9 to 4; swap them"});
  CHECK(
      problems_of(text, {"data.split.train.values=[1]"}) ==
      Lines{
          "--set: data.split.train: values and a range contradict each other; give values, or from and to"});
}

TEST_CASE("fractions that leave nothing to train on are told where --set gave one of them, and only there") {
  using Lines = std::vector<std::string>;
  const std::string problem =
      ": validation_fraction and test_fraction leave nothing to train on: expected a sum below 1";
  CHECK(problems_of(kValid, {"data.split.validation_fraction=0.75"}) ==
        Lines{"--set: data.split.validation_fraction" + problem});
  CHECK(problems_of(kValid, {"data.split={by: fraction, validation_fraction: 0.75, test_fraction: 0.25}"}) ==
        Lines{"--set: data.split.test_fraction" + problem});
  const std::string both = valid_with("test_fraction: 0.25", "test_fraction: 0.5, validation_fraction: 0.5");
  CHECK(problems_of(both, {"data.split.seed=2"}) == Lines{"c.yaml:11: data.split" + problem});
}
