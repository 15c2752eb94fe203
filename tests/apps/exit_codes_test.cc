#include <signal.h>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "esmm/core/file.h"
#include "tests/apps/demo_run.h"
#include "tests/apps/program.h"
#include "tests/apps/server.h"
#include "tests/apps/small_logs.h"

namespace esmm::test {
namespace {

// A program that ends with `code`, says nothing on stdout and these things on stderr, one line each.
void check_error(const Outcome& outcome, int code, const std::vector<std::string>& lines,
                 const std::string& program = "esmm") {
  INFO(outcome.err);
  CHECK(outcome.code == code);
  CHECK(outcome.out.empty());
  const std::vector<std::string> said = outcome.error_lines();
  REQUIRE(said.size() == lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    CHECK_THAT(said[i], Catch::StartsWith(program + ": ") && Catch::Contains(lines[i]));
  }
}

Outcome serve(Arguments arguments) {
  arguments.insert(arguments.begin(), ESMM_SERVE_PROGRAM);
  return run(arguments);
}

}  // namespace

TEST_CASE("wrong usage is one line and exit code 2") {
  check_error(esmm({}), 2, {"A command is required; see esmm --help"});
  check_error(esmm({"trian", "c.yaml", "--set", "x"}), 2,
              {"not expected: trian c.yaml --set x; see esmm --help; did you mean \"train\"?"});
  check_error(esmm({"nosuch"}), 2,
              {"not expected: nosuch; see esmm --help; commands: generate, prepare, train, "});
  check_error(esmm({"export", "run", "--out", "model.pt", "a", "b"}), 2,
              {"not expected: a b; see esmm export --help"});
  check_error(run({ESMM_BENCH_PROGRAM, "nosuch"}), 2,
              {"not expected: nosuch; see esmm-bench --help; commands: ops, metrics, prepare, train, data"},
              "esmm-bench");
  check_error(esmm({"train"}), 2, {"config is required; see esmm train --help"});
  check_error(esmm({"generate"}), 2, {"--out is required; see esmm generate --help"});
  check_error(esmm({"generate", "--out", "x", "--users", "many"}), 2, {"--users"});
  check_error(esmm({"generate", "--out", "x", "--users", "0"}), 2,
              {"users: option out of range: expected 2"});
  check_error(esmm({"train", "c.yaml", "--epochs", "3"}), 2, {"--epochs"});
  check_error(esmm({"--threads", "-1", "config", "c.yaml"}), 2, {"--threads"});
  check_error(serve({}), 2, {"models is required; see esmm-serve --help"}, "esmm-serve");
  check_error(serve({"model.pt", "--http-port", "70000"}), 2, {"--http-port: Value 70000 not in range"},
              "esmm-serve");
}

TEST_CASE("who has no room for more threads is told what to do") {
  const SmallLogs logs;
  const std::string with_large_stacks = "ulimit -s 100000000000 && exec \"$0\" \"$@\"";
  const Outcome outcome =
      run({"/bin/sh", "-c", with_large_stacks, ESMM_PROGRAM, "prepare", logs.config(), "--threads", "4"});
  INFO(outcome.err);
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.err, Catch::Contains("esmm: a thread could not be started; use fewer (--threads)"));
}

TEST_CASE("help goes to stdout with exit code 0") {
  for (const Arguments& arguments :
       {Arguments{"--help"}, Arguments{"train", "--help"}, Arguments{"predict", "-h"}}) {
    const Outcome outcome = esmm(arguments);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Catch::Contains("Usage:"));
    CHECK(outcome.err.empty());
  }
  CHECK(serve({"--help"}).code == 0);
}

TEST_CASE("--version goes to stdout with exit code 0") {
  for (const char* program : {ESMM_PROGRAM, ESMM_SERVE_PROGRAM, ESMM_BENCH_PROGRAM}) {
    const Outcome outcome = run({program, "--version"});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == std::filesystem::path(program).filename().string() + " " + ESMM_VERSION + "\n");
  }
}

TEST_CASE("a wrong config is one line per problem and exit code 2") {
  const SmallLogs logs;
  const std::string config = logs.config();
  for (const char* command : {"config", "prepare", "train"}) {
    INFO(command);
    check_error(esmm({command, config, "--set", "train.epochs=0", "--set", "train.shufle=true", "--set",
                      "train.schedule.name=stairs"}),
                2,
                {"train.shufle: unknown key; did you mean \"shuffle\"?",
                 "train.epochs: out of bounds: expected a number >= 1, got 0",
                 "train.schedule.name: not one of the choices: expected constant, linear or cosine"});
  }
  check_error(esmm({"train", demo_run().path("configs/demo.yaml"), "--run", (logs.folder / "run").string(),
                    "--set", "model.method=esm"}),
              2, {"model.method: unknown method"});
  check_error(esmm({"compare", config}), 2, {"compare.out: missing; give it in the config, or give --out"});
  check_error(esmm({"compare", config, "--methods", "esmm,bass"}), 2,
              {"--methods: neither an entry of compare.entries nor a method"});
  check_error(esmm({"compare", config, "--seeds", "0"}), 2, {"--seeds"});
  check_error(esmm({"config", config, "--set", "train.epochs"}), 2,
              {"not an override: expected key.path=value"});
  check_error(esmm({"config", (logs.folder / "none.yaml").string()}), 2, {"no such file; check the path"});
  check_error(esmm({"config", std::string(300, 'x')}), 2, {"cannot be read: got File name too long"});
  write_file(logs.folder / "broken.yaml", "data: {path: [\n");
  check_error(esmm({"config", (logs.folder / "broken.yaml").string()}), 2, {"broken.yaml:"});
  write_file(logs.folder / "empty.yaml", "");
  CHECK(esmm({"config", (logs.folder / "empty.yaml").string()}).code == 2);
}

TEST_CASE("logs that are not there, or lack a column, are wrong configs") {
  const SmallLogs logs;
  check_error(esmm({"prepare", logs.config(), "--set", "data.sources.log.paths=none.csv"}), 2,
              {"data.sources.log.paths: no such file"});
  check_error(esmm({"prepare", logs.config(), "--set", "data.fields.item.name=itm"}), 2,
              {"did you mean \"item\"?"});
}

TEST_CASE("a config edited after prepare is told key by key, and nothing is trained") {
  const SmallLogs logs;
  esmm_done({"prepare", logs.config()});
  check_error(esmm({"train", logs.config(), "--set", "data.fields.item.kind=multi", "--set",
                    "data.fields.item.separator='|'", "--set", "data.labels.conversion_requires_click=true"}),
              2,
              {"data.fields.item.kind: differs from what the data set was made with: expected categorical, "
               "got multi; "
               "prepare again, or set it back",
               "data.fields.item.separator: ", "data.labels.conversion_requires_click: "});
  CHECK_FALSE(std::filesystem::exists(logs.folder / "run"));
  esmm_done({"train", logs.config(), "--set", "data.max_rejected=0.5", "--set",
             "data.sources.log.paths=moved.csv"});
}

TEST_CASE("what is probably a mistake is a warning") {
  SECTION("half of the conversions or more are without a click") {
    const SmallLogs logs;
    const Outcome outcome =
        esmm({"prepare", logs.config(), "--set", "data.labels.click=conversion", "--set",
              "data.labels.conversion=click", "--set", "data.labels.conversion_requires_click=true"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.err,
               Catch::Contains("warning") &&
                   Catch::Contains("10 of 20 conversions are without a click and count as none"));
    CHECK_THAT(esmm({"prepare", logs.config()}).err, !Catch::Contains("warning"));
  }
  SECTION("a training ends far above the base rates") {
    const TemporaryFolder folder;
    Arguments command{"train", demo_run().path("configs/demo.yaml"),
                      "--run", (folder / "run").string(),
                      "--set", "train.batch_size=256",
                      "--set", "train.max_steps=50",
                      "--set", "train.schedule.name=constant",
                      "--set", "train.towers.learning_rate=3"};
    const Outcome outcome = esmm(command);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.err,
               Catch::Contains("warning") && Catch::Contains("far above those of predicting the base rates"));
  }
}

TEST_CASE("logs that cannot be learnt from are one line and exit code 1") {
  SECTION("no impression is in the test split") {
    const SmallLogs logs("{by: column, column: user, train: {to: u6}, test: {from: u9}}");
    check_error(esmm({"prepare", logs.config()}), 1, {"split test is empty"});
  }
  SECTION("no impression was clicked") {
    const SmallLogs logs;
    logs.change(",1,1\n", ",0,0\n");
    logs.change(",1,0\n", ",0,0\n");
    check_error(esmm({"prepare", logs.config()}), 1, {"no training impression was clicked"});
  }
  SECTION("every impression was clicked") {
    const SmallLogs logs;
    logs.change(",0,0\n", ",1,0\n");
    check_error(esmm({"prepare", logs.config()}), 1, {"data.labels.click"});
  }
  SECTION("no click was converted") {
    const SmallLogs logs;
    logs.change(",1,1\n", ",1,0\n");
    check_error(esmm({"prepare", logs.config()}), 1, {"data.labels.conversion"});
  }
  SECTION("too many lines are rejected") {
    const SmallLogs logs;
    logs.change(",1,1\n", ",7,1\n");
    check_error(esmm({"prepare", logs.config()}), 1, {"raise data.max_rejected"});
  }
  SECTION("times are in another unit") {
    const SmallLogs logs;
    logs.change("u", "1650812741436");  // the column user, whose first line is the name
    logs.change("1650812741436ser,", "user,");
    check_error(esmm({"prepare", logs.config(), "--set",
                      "data.derived=[{name: hour, column: user, hour_of: seconds}]", "--set",
                      "data.fields=[{name: hour}]"}),
                1, {"40 × bad time in column user (hour_of: seconds)"});
  }
  SECTION("there is no impression at all") {
    const SmallLogs logs;
    write_file(logs.folder / "log.csv", "user,item,click,conversion\n");
    CHECK(esmm({"prepare", logs.config()}).code == 1);
  }
}

TEST_CASE("what is not there or not whole is one line and exit code 1") {
  const SmallLogs logs;
  const auto path = [&](const std::string& name) { return (logs.folder / name).string(); };
  const std::string skeleton = demo_run().path("data/demo-raw/sample_skeleton_test.csv");
  write_file(path("half.pt"), read_file(demo_run() / "model.pt").substr(0, 100'000));
  write_file(path("text.pt"), "no model\n");
  std::string changed = read_file(demo_run() / "model.pt");
  changed[changed.size() / 2] ^= 1;
  write_file(path("changed.pt"), changed);

  check_error(esmm({"train", logs.config()}), 1, {"is no data set: got no such folder; run esmm prepare"});
  check_error(esmm({"train", demo_run().path("configs/demo.yaml"), "--run", path("none"), "--resume"}), 1,
              {"holds no run to resume; leave out --resume"});
  check_error(esmm({"compare", logs.config(), "--out", path("out")}), 1,
              {"is no data set: got no such folder; run esmm prepare"});
  check_error(esmm({"evaluate", path("none")}), 1, {"holds no trained model"});
  check_error(esmm({"export", path("none"), "--out", path("model.pt")}), 1,
              {"check the path, or train first"});
  for (const Arguments& command : {Arguments{"evaluate"},
                                   {"report"},
                                   {"calibrate"},
                                   {"calibrate", "--method", "none"},
                                   {"export", "--out", path("model.pt")}}) {
    Arguments with_config = command;
    with_config.push_back(logs.config());
    check_error(esmm(with_config), 1,
                {"is no run folder: expected a folder that esmm train made, got a file; "
                 "give the folder that the config names as train.run"});
  }
  check_error(esmm({"inspect", path("none")}), 1, {"no such file or folder; check the path"});
  for (const char* model : {"half.pt", "text.pt", "changed.pt", "none.pt"}) {
    INFO(model);
    check_error(esmm({"predict", path(model), "--source", "test=" + skeleton, "--out", path("s.csv")}), 1,
                {path(model) + ": "});
    check_error(serve({path(model), "--http-port", "0"}), 1, {path(model) + ": "}, "esmm-serve");
  }
  CHECK(!std::filesystem::exists(path("s.csv")));
}

TEST_CASE("a path of another kind is told with the command that was probably meant") {
  const SmallLogs logs;
  const DemoRun& demo = demo_run();
  const std::string run = demo.path("runs/demo"), log = (logs.folder / "log.csv").string();
  const std::string out = (logs.folder / "s.csv").string();
  const std::string no_model = "is no exported model: expected a file written by esmm export, got ";
  const std::string write_one = "write one: esmm export " + run + " --out model.pt";
  check_error(esmm({"predict", run, "--source", log, "--out", out}), 1,
              {no_model + "the folder of a run; " + write_one});
  check_error(esmm({"predict", run + "/checkpoints/model.pt", "--source", log, "--out", out}), 1,
              {write_one});
  check_error(esmm({"predict", demo.path("data/demo"), "--source", log, "--out", out}), 1,
              {no_model + "a folder; "});
  check_error(serve({run}), 1, {no_model + "the folder of a run; " + write_one}, "esmm-serve");
  check_error(esmm({"train", run}), 2,
              {"is no config: expected a YAML file, got the folder of a run; give its config: esmm train " +
               run + "/config.yaml --resume, or --run for a new run"});
  check_error(esmm({"config", run}), 2, {"give its config: esmm config " + run + "/config.yaml"});
  check_error(esmm({"prepare", demo.path("data/demo")}), 2, {"got a folder; give the config, as in my.yaml"});
  check_error(esmm({"train", demo.path("model.pt")}), 2,
              {"is no config: expected a YAML file, got a file of bytes that are no text; check the path"});
  check_error(esmm({"inspect", logs.config()}), 1,
              {"got a config; esmm config " + logs.config() + " prints it with every default"});
  check_error(esmm({"inspect", log}), 1, {"got raw logs; esmm prepare CONFIG makes a data set of them"});
}

TEST_CASE("output that cannot be written is one line and exit code 1") {
  const SmallLogs logs;
  const DemoRun& demo = demo_run();
  const std::string below_a_file = logs.config() + "/out";
  const std::string cannot = "cannot be written";
  check_error(esmm({"generate", "--out", below_a_file, "--impressions", "100"}), 1, {cannot});
  check_error(esmm({"prepare", logs.config(), "--out", below_a_file}), 1, {cannot});
  check_error(esmm({"train", demo.path("configs/demo.yaml"), "--run", below_a_file}), 1, {cannot});
  check_error(esmm({"evaluate", demo.path("runs/demo"), "--scores", below_a_file + ".csv"}), 1, {cannot});
  check_error(esmm({"export", demo.path("runs/demo"), "--out", below_a_file}), 1, {cannot});
  check_error(
      esmm({"predict", demo.path("model.pt"), "--source",
            "test=" + demo.path("data/demo-raw/sample_skeleton_test.csv"), "--out", below_a_file + ".csv"}),
      1, {cannot});
}

TEST_CASE("a run is never overwritten") {
  const DemoRun& demo = demo_run();
  const std::string before = read_file(demo / "runs/demo/checkpoints/model.pt");
  check_error(esmm({"train", demo.path("configs/demo.yaml")}), 1, {"holds a run already"});
  CHECK((read_file(demo / "runs/demo/checkpoints/model.pt") == before));
}

TEST_CASE("a port that is taken is one line and exit code 1") {
  const std::string model = demo_run().path("model.pt");
  Server first({model});
  check_error(serve({model, "--http-port", std::to_string(first.port())}), 1,
              {"choose another with --http-port"}, "esmm-serve");
  CHECK(first.stop(SIGINT).code == 0);
}

TEST_CASE("a GPU that is not there is one line and exit code 1") {
  check_error(esmm({"evaluate", demo_run().path("runs/demo"), "--device", "cuda:99"}), 1,
              {"use auto or cpu"});
}

}  // namespace esmm::test
