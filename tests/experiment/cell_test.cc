#include "esmm/experiment/cell.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "tests/experiment/small_experiment.h"

namespace esmm::experiment {
namespace {

Config cell_config(const test::SmallExperiment& small, const std::string& method) {
  Config config = small.config({"model.method=" + method});
  config.train.run = small.folder / method;
  return config;
}

train::Scores scores_of(const Config& config, const test::SmallExperiment& small) {
  const train::Run run = train::load_run(config.train.run);
  return train::score_split(*run.model, small.test_split, train::kScoringBatch, torch::kCPU);
}

TEST_CASE("a cell holds the metrics of its model on the test split, and is read back from its file") {
  const test::SmallExperiment small;
  const Config config = cell_config(small, "esmm");
  CHECK_FALSE(finished_cell(config, small.cells));
  const CellResult result = run_cell(config, small.cells, {}, {});
  const metrics::Evaluation evaluation = train::evaluate_scores(scores_of(config, small), small.test_split);
  CHECK(result.heads.at("ctr").values.at("auc").number == evaluation.ctr.auc.number);
  CHECK(result.heads.at("cvr").values.at("logloss").number == evaluation.cvr.logloss.number);
  CHECK(result.heads.at("cvr").space == "clicks");
  CHECK(result.heads.at("cvr").rows == small.test_split.counts().clicks);
  CHECK(result.heads.at("cvr_entire_space").values.at("pcoc").number ==
        evaluation.cvr_entire_space->pcoc.number);
  CHECK(read_file(config.train.run / "evaluation.json") ==
        train::to_json({.model = train::load_run(config.train.run).digest, .evaluation = evaluation}));
  CHECK(result.samples == 3 * 73);
  // Table 53 x 4; two towers 12-8-4-1: (12 * 8 + 8) + (8 * 4 + 4) + (4 + 1).
  CHECK(result.parameters == 53 * 4 + 2 * (104 + 36 + 5));

  const int64_t gathers = small.test_split.gathers;
  const auto read = finished_cell(config, small.cells);
  REQUIRE(read);
  CHECK(read->heads.at("ctr").values.at("auc").number == evaluation.ctr.auc.number);
  CHECK(read->parameters == result.parameters);
  CHECK(small.test_split.gathers == gathers);
}

TEST_CASE("a cell whose run was trained on since is measured again") {
  const test::SmallExperiment small;
  Config config = cell_config(small, "esmm");
  const CellResult before = run_cell(config, small.cells, {}, {});
  config.train.epochs = 4;
  run_or_resume(config, small.training, {});
  CHECK_FALSE(finished_cell(config, small.cells));
  const CellResult after = run_cell(config, small.cells, {}, {});
  CHECK(after.samples == 4 * 73);
  CHECK(after.heads.at("ctr").values.at("logloss").number !=
        before.heads.at("ctr").values.at("logloss").number);
  CHECK(finished_cell(config, small.cells));
}

TEST_CASE("what a model remembers but does not learn is no parameter") {
  const test::SmallExperiment small;
  Config config = cell_config(small, "esmm");
  config.model.batch_norm = true;
  config.train.max_steps = 1;
  // A scale and a shift for each of 8 + 4 units; their running means and variances do not count.
  CHECK(run_cell(config, small.cells, {}, {}).parameters == 53 * 4 + 2 * (104 + 36 + 5 + 2 * 12));
}

TEST_CASE("head ctcvr_external is that of the external pCTR times the cell's own pCVR") {
  const test::SmallExperiment small;
  const Config base = cell_config(small, "base"), esmm = cell_config(small, "esmm");
  const CellResult base_result = run_cell(base, small.cells, {}, {});
  const CellResult result = run_cell(esmm, small.cells, p_ctr_of(base, small.cells), {});
  const train::Scores external = scores_of(base, small);
  train::Scores mixed = scores_of(esmm, small);
  for (size_t i = 0; i < mixed.p_ctcvr.size(); ++i) mixed.p_ctcvr[i] = external.p_ctr[i] * mixed.p_cvr[i];
  const metrics::HeadMetrics expected = train::evaluate_scores(mixed, small.test_split).ctcvr;
  const HeadResult& head = result.heads.at("ctcvr_external");
  CHECK(head.values.at("auc").number == expected.auc.number);
  CHECK(head.values.at("logloss").number == expected.logloss.number);
  CHECK(head.positives == expected.positives);
  CHECK(head.values.at("logloss").number != result.heads.at("ctcvr").values.at("logloss").number);
  CHECK(base_result.heads.at("ctcvr_external").values.at("logloss").number ==
        base_result.heads.at("ctcvr").values.at("logloss").number);
}

TEST_CASE("a cell of a data set that was prepared again since is refused") {
  const test::SmallExperiment small;
  const Config config = cell_config(small, "esmm");
  run_cell(config, small.cells, {}, {});
  CellData other = small.cells;
  other.fingerprint = "f00d";
  CHECK_THROWS_WITH(finished_cell(config, other),
                    Catch::Contains(config.train.run.string() + " was trained on: got one that was prepared "
                                                                "again since"));
}

TEST_CASE("a finished cell of another config is refused, naming the key") {
  const test::SmallExperiment small;
  Config config = cell_config(small, "esmm");
  run_cell(config, small.cells, {}, {});
  config.train.epochs = 2;
  CHECK_THROWS_WITH(finished_cell(config, small.cells), Catch::Contains("train.epochs"));
}

}  // namespace
}  // namespace esmm::experiment
