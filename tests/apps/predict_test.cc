#include <fmt/format.h>

#include <catch2/catch.hpp>

#include <string>

#include "esmm/core/file.h"
#include "tests/apps/demo_run.h"
#include "tests/apps/program.h"

namespace esmm::test {
namespace {

// A model of logs that join users.
struct JoinedLogs {
  TemporaryFolder folder;

  JoinedLogs() {
    write_file(folder / "users.csv", users("u"));
    write_file(folder / "log.csv", log("i"));
    write_file(folder / "config.yaml", R"(
data:
  path: prepared
  sources: [{name: log, paths: log.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: user, right_key: id}]
  labels: {click: click, conversion: buy}
  split: {by: fraction, test_fraction: 0.25}
  fields: [{name: item}, {name: seen, kind: multi, separator: "|"}]
model: {layers: [4]}
train: {run: run, device: cpu}
)");
    const std::string config = (folder / "config.yaml").string();
    esmm_done({"prepare", config});
    esmm_done({"train", config});
    esmm_done({"export", (folder / "run").string(), "--out", path("model.pt")});
  }

  std::string path(const char* name) const { return (folder / name).string(); }

  static std::string users(const char* prefix, const char* separator = "|") {
    std::string rows = "id,seen\n";
    for (int i = 0; i < 7; ++i) rows += fmt::format("{}{},a{}b{}\n", prefix, i, separator, i);
    return rows;
  }
  static std::string log(const char* prefix) {
    std::string rows = "user,item,click,buy\n";
    for (int i = 0; i < 40; ++i)
      rows += fmt::format("u{},{}{},{},{}\n", i % 7, prefix, i % 5, i % 2 == 0 ? 1 : 0, i % 4 == 0 ? 1 : 0);
    return rows;
  }

  // What predict says on stderr of such logs and users.
  std::string warnings(const std::string& log_text, const std::string& users_text) const {
    write_file(folder / "new.csv", log_text);
    write_file(folder / "new_users.csv", users_text);
    const Outcome outcome = esmm({"predict", path("model.pt"), "--source", "log=" + path("new.csv"),
                                  "--source", "users=" + path("new_users.csv"), "--out", path("scores.csv")});
    CHECK(outcome.code == 0);
    return outcome.err;
  }
};

}  // namespace

TEST_CASE("each predicted row names its impression: id, file and line") {
  const TemporaryFolder folder;
  const std::string skeleton = read_file(demo_run() / "data/demo-raw/sample_skeleton_test.csv");
  const size_t middle = skeleton.find('\n') + 1, end = skeleton.find('\n', middle) + 1;
  write_file(folder / "1.csv", skeleton.substr(0, middle));
  write_file(folder / "2.csv", skeleton.substr(middle, end - middle));
  const std::string out = (folder / "scores.csv").string();
  const Outcome outcome = esmm({"predict", demo_run().path("model.pt"), "--source",
                                "test=" + (folder / "?.csv").string(), "--out", out});
  REQUIRE(outcome.code == 0);
  const std::string common = demo_run().path("data/demo-raw/common_features_test.csv");
  CHECK_THAT(
      outcome.err,
      Catch::Contains("source test.common is not given: reading it where it was at the training, " + common));
  const auto first_line_of = [&](const char* file) {
    return Catch::Contains(fmt::format(",{},1,", (folder / file).string()));
  };
  CHECK_THAT(read_file(out), Catch::StartsWith("id,file,line,pctr,pcvr,pctcvr\n") && first_line_of("1.csv") &&
                                 first_line_of("2.csv"));
}

TEST_CASE("esmm predict says where the lines are that it rejected") {
  const TemporaryFolder folder;
  const std::string logs = (folder / "logs.csv").string(), out = (folder / "scores.csv").string();
  const std::string skeleton = read_file(demo_run() / "data/demo-raw/sample_skeleton_test.csv");
  write_file(logs, skeleton.substr(0, skeleton.find('\n') + 1) + "no impression\n");
  const std::string said = esmm_done({"predict", demo_run().path("model.pt"), "--source", "test=" + logs,
                                      "--out", out, "--max-rejected", "0.5"});
  CHECK_THAT(said, Catch::Contains("scored 1 impressions") && Catch::Contains("rejected        1  test: ") &&
                       Catch::Contains("rejected lines: " + out + ".rejected.csv\n"));
  CHECK_THAT(read_file(out + ".rejected.csv"), Catch::Contains("\n" + logs + ",2,"));
}

TEST_CASE("esmm predict fails where it rejected every line") {
  const TemporaryFolder folder;
  const std::string logs = (folder / "logs.csv").string(), none = (folder / "none.csv").string(),
                    out = (folder / "scores.csv").string();
  write_file(logs, "no impression\n");
  write_file(none, "");
  const Outcome outcome = esmm({"predict", demo_run().path("model.pt"), "--source", "train=" + logs,
                                "--source", "test=" + none, "--out", out, "--max-rejected", "1"});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.err, Catch::Contains(logs + ": every line of source train was rejected: got 1 × ") &&
                              Catch::Contains("; " + out + ".rejected.csv says for each what is wrong; "));
  CHECK(std::filesystem::exists(out + ".rejected.csv"));
  CHECK_FALSE(std::filesystem::exists(out));
}

TEST_CASE("esmm predict writes no scores where it rejected more lines than the model's config allows") {
  const TemporaryFolder folder;
  const std::string logs = (folder / "logs.csv").string(), out = (folder / "scores.csv").string();
  const std::string skeleton = read_file(demo_run() / "data/demo-raw/sample_skeleton_test.csv");
  write_file(logs, skeleton.substr(0, skeleton.find('\n') + 1) + "no impression\n");
  const Outcome outcome =
      esmm({"predict", demo_run().path("model.pt"), "--source", "test=" + logs, "--out", out});
  CHECK(outcome.code == 1);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err,
             Catch::Contains(out + ".rejected.csv: too many lines of source test rejected: expected at "
                                   "most 0.1 % (--max-rejected), got 1 of 2: 1 × ") &&
                 Catch::Contains("or raise --max-rejected"));
  CHECK(std::filesystem::exists(out + ".rejected.csv"));
  CHECK_FALSE(std::filesystem::exists(out));
}

TEST_CASE("esmm predict of no impressions writes the scores' columns alone") {
  const TemporaryFolder folder;
  write_file(folder / "logs.csv", "");
  for (const char* name : {"scores.csv", "scores.parquet"}) {
    const std::string out = (folder / name).string();
    CHECK_THAT(esmm_done({"predict", demo_run().path("model.pt"), "--source",
                          "test=" + (folder / "logs.csv").string(), "--out", out}),
               Catch::Contains("scored 0 impressions"));
  }
  CHECK(read_file(folder / "scores.csv") == "id,file,line,pctr,pcvr,pctcvr\n");
  CHECK_THAT(read_file(folder / "scores.parquet"), Catch::StartsWith("PAR1"));
}

TEST_CASE("esmm predict warns of joins that match nothing and of fields that the model knows nothing of") {
  const JoinedLogs logs;
  CHECK(logs.warnings(JoinedLogs::log("i"), JoinedLogs::users("u")).empty());
  const std::string unmatched = logs.warnings(JoinedLogs::log("i"), JoinedLogs::users("U"));
  CHECK_THAT(unmatched, Catch::Contains("40 of 40 impressions found no row in source users: is its column id "
                                        "written as the column user of theirs?"));
  CHECK_THAT(unmatched, !Catch::Contains("the model knows none"));  // of fields that are missing
  CHECK_THAT(
      logs.warnings(JoinedLogs::log("I"), JoinedLogs::users("u")),
      Catch::Contains("the model knows none of the 40 values of field item: are they written as those"));
  CHECK_THAT(
      logs.warnings(JoinedLogs::log("i"), JoinedLogs::users("u", ";")),
      Catch::Contains("the model knows none of the 40 values of field seen: are they parted by \"|\" and "
                      "written as those of the training?"));
}

}  // namespace esmm::test
