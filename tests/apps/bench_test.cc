#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "esmm/core/file.h"
#include "tests/apps/program.h"

namespace esmm::test {
namespace {

TEST_CASE("esmm-bench metrics sets AUC beside stock LibTorch and its limit") {
  const TemporaryFolder folder;
  const std::string file = (folder / "rows.json").string();
  const Outcome outcome = run({ESMM_BENCH_PROGRAM, "metrics", "--rows", "100000", "--json", file, "--arrays",
                               folder.path().string()});
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.out, Catch::Contains("esmm::metrics::auc") && Catch::Contains("auc_ties"));
  CHECK(read_file(folder / "scores.f32").size() == 400'000);
  CHECK(read_file(folder / "labels.f32").size() == 400'000);

  const auto rows = nlohmann::json::parse(read_file(file));
  REQUIRE(rows.size() == 6);
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto speed = [&](size_t row) { return rows[row]["samples_per_second"].get<double>(); };
    const size_t first = i / 3 * 3;  // of its case: ours, stock, limit
    CHECK(rows[i]["case"] == (i < 3 ? "auc" : "auc_ties"));
    CHECK(rows[i]["min"].get<double>() > 0);
    CHECK(rows[i]["min"].get<double>() <= speed(i));
    CHECK(speed(i) <= rows[i]["max"].get<double>());
    CHECK(rows[i]["ratio_to_stock"].get<double>() == Approx(speed(i) / speed(first + 1)));
    CHECK(rows[i]["share_of_limit"].get<double>() == Approx(speed(i) / speed(first + 2)));
  }
}

TEST_CASE("esmm-bench names what it does not know") {
  const Outcome outcome = run({ESMM_BENCH_PROGRAM, "metrics", "--rows", "3"});
  CHECK(outcome.code == 2);
  CHECK_THAT(outcome.err, Catch::StartsWith("esmm-bench: ") && Catch::Contains("--rows"));
}

}  // namespace
}  // namespace esmm::test
