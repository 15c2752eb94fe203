#include "esmm/train/run_data.h"

#include <catch2/catch.hpp>

#include "tests/data/prepare/prepared.h"

namespace esmm::train {
namespace {

constexpr const char* kLogs = R"(
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields:
    - {name: user}
    - {name: price, kind: numeric, buckets: {method: quantiles, count: 2}}
)";

constexpr const char* kRows = "u1,1,1,1,1\nu2,2,1,0,0\nu1,3,2,1,0\n";

// Logs, prepared into `out`, and the run that was trained on them.
struct TrainedLogs : test::Workshop {
  TrainedLogs() { prepare_rows(kRows); }

  void prepare_rows(const std::string& rows, const std::string& data = kLogs) const {
    write("log.csv", "user,price,day,click,buy\n" + rows);
    prepare(data);
  }
  Run run() const {
    const data::Dataset dataset(out());
    const Vocabulary vocabulary = dataset.vocabulary();
    return {.config = config(kLogs),
            .model = nullptr,
            .schema = dataset.info().schema,
            .vocabulary = {vocabulary.keys().begin(), vocabulary.keys().end()},
            .table_rows = dataset.info().table_rows,
            .dataset = dataset.info().digest,
            .calibration = {}};
  }
  std::string check(const Run& run) const { return check_data_of(run, data::Dataset(out())); }
  std::string error_of(const Run& run) const {
    return test::error_of([&] { check(run); });
  }
  // The whole of an error.
  std::string told(const std::string& what) const {
    return out().string() + ": the data set has " + what +
           " than the run's; evaluate on the data set that the run was trained on, or score new files with "
           "esmm predict";
  }
};

// kLogs with another text for one in it.
std::string logs_with(const std::string& from, const std::string& to) {
  std::string data = kLogs;
  return data.replace(data.find(from), from.size(), to);
}

TEST_CASE("the data set that a run was trained on is held out, prepared again or not") {
  const TrainedLogs logs;
  const Run run = logs.run();
  CHECK(logs.check(run).empty());
  logs.prepare_rows(kRows);
  CHECK(logs.check(run).empty());
}

TEST_CASE("a data set of other impressions may hold some that the run learnt from") {
  const TrainedLogs logs;
  const Run run = logs.run();
  logs.prepare_rows("u1,1,1,1,1\nu2,2,1,0,0\nu1,3,2,0,0\n");
  CHECK(logs.check(run) ==
        "the data set holds other impressions than the one that the run was trained on, so any of its splits "
        "may hold impressions that the run learnt from");
}

TEST_CASE("a data set that was prepared in another way is told with the first difference") {
  const TrainedLogs logs;
  const Run run = logs.run();
  logs.prepare_rows(kRows, logs_with("from: 2", "values: [2]"));
  CHECK(logs.check(run).empty());  // the same impressions in the same splits
  logs.prepare_rows("u1,1,1,1,1\nu2,2,1,0,0\nu1,3,2,0,0\n", logs_with("from: 2", "values: [2]"));
  CHECK_THAT(logs.check(run), Catch::Contains("was prepared in another way than the one that the run was "
                                              "trained on (data.split.test.from: 2 then, \"\" now)"));
}

TEST_CASE("a run of an older version, which names no data set, is told by the config alone") {
  const TrainedLogs logs;
  Run run = logs.run();
  run.dataset = "";
  logs.prepare_rows("u1,1,1,1,1\nu2,2,1,0,0\nu1,3,2,0,0\n");
  CHECK(logs.check(run).empty());
  logs.prepare_rows(kRows, logs_with("from: 2", "values: [2]"));
  CHECK_THAT(logs.check(run), Catch::StartsWith("the data set was prepared in another way"));
}

TEST_CASE("other quantiles are refused, naming their fields") {
  const TrainedLogs logs;
  const Run run = logs.run();
  logs.prepare_rows("u1,1,1,1,1\nu2,9,1,0,0\nu1,3,2,1,0\n");
  CHECK(logs.error_of(run) == logs.told("other quantiles in price"));
}

TEST_CASE("other fields and another vocabulary are refused") {
  const TrainedLogs logs;
  const Run run = logs.run();
  logs.prepare_rows(kRows, logs_with("name: user", "name: day"));
  CHECK(logs.error_of(run) == logs.told("other fields"));
  logs.prepare_rows("u1,1,1,1,1\nu3,2,1,0,0\nu1,3,2,1,0\n");
  CHECK(logs.error_of(run) == logs.told("another vocabulary"));
}

}  // namespace
}  // namespace esmm::train
