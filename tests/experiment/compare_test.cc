#include "esmm/experiment/compare.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esmm/core/error.h"
#include "tests/experiment/small_experiment.h"

namespace esmm::experiment {
namespace {

using nlohmann::json;

json comparison_of(const std::filesystem::path& out) {
  return json::parse(read_file(out / "comparison.json"));
}

// Without what depends on the clock.
json timeless(json comparison) {
  for (json& entry : comparison.at("entries")) {
    entry.erase("train_seconds");
    entry.erase("samples_per_second");
  }
  return comparison;
}

TEST_CASE("methods x seeds are trained, each in a folder of its own, and tabulated") {
  const test::SmallExperiment small;
  const ComparePlan plan = small.plan("", 2);
  const Comparison comparison = compare(plan, small.cells, {});
  CHECK(comparison.finished() == 4);
  for (const char* run : {"esmm/seed-1", "esmm/seed-2", "base/seed-1", "base/seed-2"}) {
    CHECK(std::filesystem::exists(plan.out / run / "evaluation.json"));
  }
  CHECK(read_file(plan.out / "comparison.json") == to_json(comparison));
  CHECK(read_file(plan.out / "comparison.md") == to_markdown(comparison));
  const auto& cells = comparison.entries[0].cells;
  CHECK(cells.at(1).heads.at("ctr").values.at("auc").number !=
        cells.at(2).heads.at("ctr").values.at("auc").number);
}

TEST_CASE("a finished comparison trains and scores nothing again; one more seed trains that alone") {
  const test::SmallExperiment small;
  compare(small.plan("", 2), small.cells, {});
  const json before = comparison_of(small.folder / "out");
  const int64_t trained = small.data.train.gathers, scored = small.test_split.gathers;
  compare(small.plan("", 2), small.cells, {});
  CHECK(small.data.train.gathers == trained);
  CHECK(small.test_split.gathers == scored);
  CHECK(comparison_of(small.folder / "out") == before);

  compare(small.plan("", 3), small.cells, {});
  CHECK(small.data.train.gathers == trained + trained / 2);
  CHECK(comparison_of(small.folder / "out").at("cells").at("finished") == 6);
}

TEST_CASE("a comparison interrupted at any step and called again ends as the uninterrupted one") {
  const test::SmallExperiment whole;
  compare(whole.plan("", 2), whole.cells, {});
  const json expected = timeless(comparison_of(whole.folder / "out")).at("entries");
  for (const int64_t steps :
       {3, 14, 15, 16, 40}) {  // each run asks 15 times: before it, and after all steps but the last
    INFO(steps);
    const test::SmallExperiment small;
    CHECK_THROWS_AS(compare(small.plan("", 2), small.cells, test::stopping_after(steps)), Interrupted);
    CHECK(comparison_of(small.folder / "out").at("cells").at("finished") == steps / 15);
    compare(small.plan("", 2), small.cells, {});
    CHECK(timeless(comparison_of(small.folder / "out")).at("entries") == expected);
  }
}

TEST_CASE("a folder with a run of another config is refused before anything is trained") {
  const test::SmallExperiment small;
  compare(small.plan("", 1), small.cells, {});
  const int64_t trained = small.data.train.gathers;
  ComparePlan plan = small.plan("", 2);
  plan.entries[1].config.model.dropout = 0.5;
  CHECK_THROWS_WITH(compare(plan, small.cells, {}),
                    Catch::Contains("base/seed-1: model.dropout: differs from the run that is there"));
  CHECK(small.data.train.gathers == trained);
}

TEST_CASE("the external pCTR is trained even where its method is not wanted") {
  const test::SmallExperiment small;
  const Comparison comparison = compare(small.plan("", 1, {"esmm"}), small.cells, {});
  REQUIRE(comparison.entries.size() == 2);
  CHECK(comparison.entries[comparison.external].name == "base");
  CHECK(comparison.baseline == 1U);
  CHECK(comparison.finished() == 2);
}

TEST_CASE("a comparison does not begin in a run's folder, nor in a data set's") {
  const test::SmallExperiment small;
  ComparePlan plan = small.plan("", 1);
  write_file(plan.out / "config.yaml", "");
  CHECK_THROWS_WITH(compare(plan, small.cells, {}), Catch::Contains("is a run's folder"));
  plan.out = small.folder / "data";
  write_file(plan.out / "dataset.json", "{}");
  CHECK_THROWS_WITH(compare(plan, small.cells, {}), Catch::Contains("holds a data set"));
}

}  // namespace
}  // namespace esmm::experiment
