#include <signal.h>

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "esmm/core/file.h"
#include "tests/apps/demo_run.h"
#include "tests/apps/program.h"
#include "tests/apps/server.h"

namespace esmm::test {
namespace {

using nlohmann::json;

Arguments compare_command(const std::filesystem::path& out) {
  return {"compare",   demo_run().path("configs/demo.yaml"),
          "--methods", "esmm, base",
          "--seeds",   "2",
          "--out",     out.string(),
          "--set",     "train.batch_size=256",
          "--threads", "1"};
}

json comparison_of(const std::filesystem::path& out) {
  return json::parse(read_file(out / "comparison.json"));
}

}  // namespace

TEST_CASE("esmm compare is resumed after Ctrl-C and says what esmm train and evaluate would") {
  const TemporaryFolder folder;
  const std::filesystem::path out = folder / "out";
  Arguments command = compare_command(out);
  command.insert(command.begin(), ESMM_PROGRAM);
  Program comparing(command);
  wait_until(comparing, [&] { return std::filesystem::exists(out / "base/seed-1/cell.json"); });
  comparing.send(SIGINT);
  const Outcome interrupted = comparing.wait();
  INFO(interrupted.err);
  CHECK(interrupted.code == 130);
  REQUIRE(interrupted.error_lines().size() == 1);
  CHECK_THAT(interrupted.error_lines()[0], Catch::Contains("the same command goes on"));
  CHECK(comparison_of(out).at("cells").at("finished") < 4);

  const std::string printed = esmm_done(compare_command(out));
  CHECK_THAT(printed, Catch::Contains("| esmm | 2 | ") && Catch::Contains("comparison.md"));
  const json comparison = comparison_of(out);
  CHECK(comparison.at("cells").at("finished") == 4);
  CHECK(comparison.at("baseline") == "esmm");
  const json& auc = comparison.at("entries").at(1).at("heads").at("cvr_entire_space").at("metrics").at("auc");
  CHECK(auc.at("p_value").is_number());

  const std::string run = (folder / "alone").string();
  esmm_done({"train", demo_run().path("configs/demo.yaml"), "--run", run, "--set", "train.batch_size=256",
             "--set", "train.seed=2", "--set", "model.method=base", "--threads", "1"});
  esmm_done({"evaluate", run, "--threads", "1"});
  json evaluation = json::parse(read_file(folder / "alone/evaluation.json")),
       compared = json::parse(read_file(out / "base/seed-2/evaluation.json"));
  for (json* of : {&evaluation, &compared}) of->erase("model");  // their files name their run folders
  CHECK(auc.at("values").at(1) == evaluation.at("cvr_entire_space").at("auc"));
  CHECK(compared == evaluation);
}

}  // namespace esmm::test
