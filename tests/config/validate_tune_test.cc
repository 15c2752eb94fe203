#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/config/support.h"

namespace esmm::test {
namespace {

// kValid with a validation split, and a search on it.
std::string searching(const std::string& metric, const std::string& ranges) {
  return valid_with("{by: fraction,", "{by: fraction, validation_fraction: 0.25,") + "tune:\n  " + metric +
         "\n  ranges:\n    - " + ranges + "\n";
}

std::string first_line(const std::string& metric, const std::string& ranges) {
  const auto lines = problems_of(searching(metric, ranges));
  CHECK(lines.size() <= 1);
  return lines.empty() ? "" : lines[0];
}

constexpr const char* kMetric = "metric: ctr.auc";
constexpr const char* kRange = "{key: model.dropout, low: 0.1, high: 0.3}";

}  // namespace

TEST_CASE("a search by a metric over ranges and values is accepted") {
  CHECK(first_line(kMetric, kRange).empty());
  CHECK(first_line("metric: cvr.logloss", "{key: model.layers, values: [\"[8]\", \"[8, 4]\"]}").empty());
  CHECK(first_line(kMetric, "{key: train.epochs, low: 1, high: 3, scale: integer}").empty());
}

TEST_CASE("a search needs a metric that is one, and that the data can have") {
  CHECK(first_line("trials: 3", kRange) ==
        "c.yaml:22: tune.metric: missing; say what the trials are to be chosen by");
  CHECK(first_line("metric: ctr.acu", kRange) ==
        "c.yaml:23: tune.metric: not a metric: expected <head>.<metric>: head ctr, cvr, ctcvr or "
        "cvr_entire_space; metric auc, gauc, logloss, normalized_entropy or ece, got ctr.acu; did you mean "
        "\"ctr.auc\"?");
  CHECK(first_line("metric: ctr.gauc", kRange) ==
        "c.yaml:23: tune.metric: gauc needs groups; set data.group_by or choose another metric");
  CHECK(problems_of(kValid + "tune: {metric: ctr.auc}\n") ==
        std::vector<std::string>{
            "c.yaml:22: tune.metric: tune needs a validation split; give data.split one or "
            "remove the metric"});
}

TEST_CASE("each range names a key of its own that a trial may set") {
  CHECK(first_line(kMetric, "{low: 0.1, high: 0.3}") ==
        "c.yaml:25: tune.ranges[0].key: missing; it is required");
  const std::string refused =
      "c.yaml:25: tune.ranges[0].key: not a key that can be tuned: expected a key of model or train but "
      "train.run, seed, device, threads and loader_threads, got ";
  for (const std::string key : {"data.path", "train.seed", "train.run", "train.device", "train.threads",
                                "train.loader_threads", "model"}) {
    CHECK(first_line(kMetric, "{key: " + key + ", low: 0.1, high: 0.3}") == refused + key);
  }
  CHECK(first_line(kMetric, std::string(kRange) + "\n    - {key: model.dropout, values: [0.5]}") ==
        "c.yaml:26: tune.ranges[1].key: \"model.dropout\" is there already; each entry needs one of its own");
}

TEST_CASE("a range has two bounds in order that its scale can take, or values") {
  const auto line = [](const std::string& rest) {
    return first_line(kMetric, "{key: model.dropout, " + rest + "}");
  };
  const std::string where = "c.yaml:25: tune.ranges[0]";
  CHECK(line("low: 0.3, high: 0.1") == where + ": low lies above high: got 0.3 and 0.1; swap them");
  CHECK(line("low: 0.1") == where + ": lacks its bounds; give low and high, or values");
  CHECK(line("values: []") == where + ": lacks its bounds; give low and high, or values");
  CHECK(line("low: 0.1, values: [0.2]") ==
        where + ": values and bounds contradict each other; give values, or low and high");
  CHECK(line("low: 0, high: 0.3, scale: log") == where + ".low: scale log needs positive numbers: got 0");
  CHECK(line("low: 1, high: 2.5, scale: integer") ==
        where + ": scale integer needs whole numbers: got 1 and 2.5");
  CHECK(line("low: 0.1, high: 0.3, scale: cubic") ==
        where + ".scale: not one of the choices: expected linear, log or integer, got cubic");
}

}  // namespace esmm::test
