#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esmm/core/file.h"
#include "tests/apps/demo_run.h"
#include "tests/apps/program.h"

namespace esmm::test {
namespace {

// With 4 significant digits of a number between 0.1 and 1, as the report writes it.
std::string shown(double value) {
  std::string text = fmt::format("{:.4f}", value);
  return text.erase(text.find_last_not_of('0') + 1);
}

}  // namespace

TEST_CASE("esmm report writes a page with the numbers of esmm evaluate") {
  const TemporaryFolder folder;
  const std::string file = (folder / "page.html").string();
  CHECK_THAT(esmm_done({"report", demo_run().path("runs/demo"), "--out", file}),
             Catch::Contains("report: " + file));
  const std::string html = read_file(file);
  const auto evaluation = nlohmann::json::parse(read_file(demo_run() / "runs/demo/evaluation.json"));
  for (const char* head : {"ctr", "cvr", "ctcvr", "cvr_entire_space"})
    CHECK_THAT(html, Catch::Contains("AUC " + shown(evaluation.at(head).at("auc"))));
  for (const char* id : {"id=\"train-0-title\"", "id=\"head-3-reliability-title\"", "id=\"slice-0-title\""})
    CHECK_THAT(html, Catch::Contains(id));
  CHECK(html.size() < 2'000'000);
}

TEST_CASE("esmm report refuses another file than a comparison, and writes nothing") {
  const TemporaryFolder folder;
  const Outcome outcome =
      esmm({"report", demo_run().path("runs/demo"), "--out", (folder / "page.html").string(), "--comparison",
            demo_run().path("runs/demo/evaluation.json")});
  CHECK(outcome.code == 1);
  REQUIRE(outcome.error_lines().size() == 1);
  CHECK_THAT(outcome.error_lines()[0], Catch::Contains("is no comparison"));
  CHECK_FALSE(std::filesystem::exists(folder / "page.html"));
}

}  // namespace esmm::test
