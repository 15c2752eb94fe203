#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/prepare/prepare.h"
#include "esmm/train/trainer.h"
#include "tests/support/temporary_folder.h"

namespace esmm::train {
namespace {

constexpr const char* kConfig = R"(
data:
  path: out
  sources: [{name: log, paths: log.csv}]
  derived: [{name: hour, column: time, hour_of: seconds}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields: [{name: user}, {name: hour}]
model: {dimension: 2, layers: [2]}
train: {run: run, device: cpu}
)";

// Logs, prepared with the config as it stands.
struct PreparedLogs {
  test::TemporaryFolder folder;

  PreparedLogs() { prepare("u1,3600,1,1,1\nu2,7200,1,0,0\nu1,7200,1,1,0\n"); }
  void prepare(const std::string& rows) const {
    write_file(folder / "log.csv", "user,time,day,click,buy\n" + rows + "u3,60,2,1,0\n");
    data::prepare(config({}), folder / "out");
  }
  Config config(const std::vector<std::string>& changes) const {
    return parse_config(kConfig, "test.yaml", folder.path(), changes);
  }
};

}  // namespace

TEST_CASE("a config that would read logs in another way than the data set was made is refused") {
  const PreparedLogs logs;
  try {
    train(logs.config({"data.derived.hour.hour_of=milliseconds", "data.fields.user.type=integer"}), {});
    FAIL("trained");
  } catch (const ConfigError& error) {
    REQUIRE(error.problems().size() == 2);
    CHECK(error.problems()[0].line() ==
          "data.derived.hour.hour_of: differs from what the data set was made with: expected seconds, got "
          "milliseconds; prepare again, or set it back");
    CHECK(error.problems()[1].where == "data.fields.user.type");
  }
  CHECK_FALSE(std::filesystem::exists(logs.folder / "run"));
}

TEST_CASE("a run keeps the section data that its data set was made with") {
  const PreparedLogs logs;
  std::filesystem::rename(logs.folder / "out", logs.folder / "moved");
  train(logs.config({"data.path=moved", "data.sources.log.paths=elsewhere.csv", "data.max_rejected=0.5"}),
        {});
  const Config kept = load_run(logs.folder / "run").config;
  CHECK(kept.data.path == logs.folder / "moved");
  CHECK(kept.data.sources[0].paths == std::vector{logs.folder / "log.csv"});
  CHECK(kept.data.max_rejected == 0.001);
}

TEST_CASE("a run is not resumed on another data set") {
  const PreparedLogs logs;
  train(logs.config({}), {});
  data::prepare(logs.config({"data.sources.log.paths=[log.csv, log.csv]"}), logs.folder / "twice");
  CHECK_THROWS_WITH(train(logs.config({"data.path=twice", "train.epochs=2"}), {.resume = true, .stop = {}}),
                    Catch::Contains("was trained on: expected " + (logs.folder / "out").string() +
                                    "; set data.path back, or start anew"));
}

TEST_CASE("a run is not resumed on the same impressions in another order") {
  const PreparedLogs logs;
  train(logs.config({}), {});
  logs.prepare("u2,7200,1,0,0\nu1,3600,1,1,1\nu1,7200,1,1,0\n");
  const Config same = logs.config({"train.epochs=2", "data.path=" + (logs.folder / "out/").string()});
  CHECK_THROWS_WITH(train(same, {.resume = true, .stop = {}}),
                    Catch::Equals((logs.folder / "out/").string() + ": the data set is not the one that " +
                                  (logs.folder / "run").string() +
                                  " was trained on: got one that was prepared again since, with other "
                                  "impressions or in another order; prepare it as before, or start anew in "
                                  "another folder (train --run, compare and tune --out)"));
}

}  // namespace esmm::train
