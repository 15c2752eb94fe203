#include "esmm/experiment/rung_file.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "tests/support/temporary_folder.h"

namespace esmm::experiment {
namespace {

TEST_CASE("a rung's file gives back the metrics by name, and why one is undefined") {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = rung_file(folder / "run", 40);
  CHECK(file == folder / "run/rung-40.json");
  write_rung(file, {.dataset = "f00d",
                    .train_seconds = 2.5,
                    .validation = R"({"ctr": {"auc": 0.75, "gauc": null, "gauc_reason": "no group column"}})",
                    .failure = ""});
  const RungResult read = read_rung(file);
  CHECK(read.dataset == "f00d");
  CHECK(read.train_seconds == 2.5);
  CHECK(read.value("ctr.auc").number == 0.75);
  CHECK_FALSE(read.value("ctr.gauc").number);
  CHECK(read.value("ctr.gauc").reason == "no group column");
  CHECK(read.value("cvr_entire_space.auc").reason == "was not measured");
}

TEST_CASE("a failed run has no metric but what it failed of") {
  const test::TemporaryFolder folder;
  write_rung(folder / "r.json",
             {.dataset = "f00d", .train_seconds = 0, .validation = "", .failure = "diverged"});
  CHECK_FALSE(read_rung(folder / "r.json").value("ctr.auc").number);
  CHECK(read_rung(folder / "r.json").value("ctr.auc").reason == "diverged");
}

TEST_CASE("another file, or half of one, is an error of one line") {
  const test::TemporaryFolder folder;
  for (const char* text : {"", "{", "[]", R"({"kind": "esmm cell 1"})", R"({"kind": "esmm rung 1"})"}) {
    INFO(text);
    write_file(folder / "r.json", text);
    CHECK_THROWS_WITH(read_rung(folder / "r.json"), Catch::Contains("is no result of a trial"));
  }
}

}  // namespace
}  // namespace esmm::experiment
