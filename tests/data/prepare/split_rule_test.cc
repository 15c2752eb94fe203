#include "esmm/data/prepare/split_rule.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using esmm::data::kLeftOut;
using esmm::data::SplitRule;
using esmm::data::ValueRange;

namespace {

esmm::SplitConfig by_column(const std::string& train_to, const std::string& test_from) {
  esmm::SplitConfig split;
  split.by = esmm::SplitBy::column;
  split.train.to = train_to;
  split.test.from = test_from;
  return split;
}

int place_of(const esmm::SplitConfig& config, const std::string& text) {
  const SplitRule rule(config, {});
  return rule.of_value(rule.order().value(text).value());
}

// The values that were added, in the rule's order.
std::string range_of(const esmm::SplitConfig& config, const std::vector<std::string>& texts) {
  const SplitRule rule(config, {});
  ValueRange halves[2];
  for (size_t i = 0; i < texts.size(); ++i) halves[i % 2].add(rule.order().value(texts[i])->number, texts[i]);
  ValueRange all;
  all.add(halves[1]);
  all.add(halves[0]);
  return all.text();
}

}  // namespace

TEST_CASE("what no range holds is left out") {
  const esmm::SplitConfig config = by_column("2026-03-10", "2026-03-12");
  CHECK(place_of(config, "2026-03-10 23:15:00") == esmm::data::kTrain);
  CHECK(place_of(config, "2026-03-11T00:00:00Z") == kLeftOut);
  CHECK(place_of(config, "2026-03-12") == 2);
}

TEST_CASE("a split by text takes any value") {
  const esmm::SplitConfig config = by_column("u6", "u9");
  CHECK(place_of(config, "") == esmm::data::kTrain);
  CHECK(place_of(config, "u10") == esmm::data::kTrain);
  CHECK(place_of(config, "u7") == kLeftOut);
  CHECK(place_of(config, "u9") == 2);
}

TEST_CASE("the range of the values seen is in the order of the split, however they were added") {
  CHECK(range_of(by_column("1", "2"), {"9", "10", "-1.5", "7"}) == "-1.5 to 10");
  CHECK(range_of(by_column("a", "b"), {"9", "10", "7"}) == "10 to 9");
  CHECK(range_of(by_column("2026-03-10", "2026-03-11"),
                 {"2026-03-10 23:00:00", "2026-03-09T05:00:00Z", "2026-03-10 01:00:00", "2026-03-09"}) ==
        "2026-03-09 to 2026-03-10 23:00:00");
  CHECK(range_of(by_column("1", "2"), {}) == "no values");
}
