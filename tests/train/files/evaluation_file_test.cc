#include "esmm/train/files/evaluation_file.h"

#include <catch2/catch.hpp>

#include "esmm/core/file.h"
#include "esmm/train/trainer.h"
#include "tests/support/temporary_folder.h"

namespace esmm::train {
namespace {

calibration::Calibration platt(double slope) {
  const calibration::Map map{
      .kind = calibration::Map::Kind::platt, .slope = slope, .intercept = 0.1, .x = {}, .y = {}};
  return {.ctr = map, .cvr = map};
}

void write_evaluation(const RunFolder& folder, const calibration::Calibration& calibration) {
  SplitEvaluation evaluation;
  evaluation.calibration = calibration;
  if (!calibration.does_nothing()) evaluation.uncalibrated = evaluation.evaluation;
  write_file(folder.evaluation(), to_json(evaluation));
}

TEST_CASE("an evaluation of another calibration than the run's is outdated") {
  const test::TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  CHECK(outdated_evaluation(folder, "", platt(0.7)).empty());  // there is none
  write_evaluation(folder, {});
  CHECK(outdated_evaluation(folder, "", {}).empty());
  CHECK(outdated_evaluation(folder, "", platt(0.7)) ==
        folder.evaluation().string() +
            ": was measured with another calibration than the model's, or does not say with which; run esmm "
            "evaluate " +
            folder.path().string());
  write_evaluation(folder, platt(0.7));
  CHECK(outdated_evaluation(folder, "", platt(0.7)).empty());
  CHECK_FALSE(outdated_evaluation(folder, "", platt(0.8)).empty());
  CHECK_FALSE(outdated_evaluation(folder, "", {}).empty());
}

TEST_CASE("an evaluation of another model than the run's is outdated") {
  const test::TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  SplitEvaluation evaluation;
  evaluation.model = "one";
  write_file(folder.evaluation(), to_json(evaluation));
  CHECK(outdated_evaluation(folder, "one", {}).empty());
  CHECK_THAT(outdated_evaluation(folder, "another", {}),
             Catch::Contains("is of another model; run esmm evaluate"));
}

TEST_CASE("an evaluation of impressions that the run may have learnt from is outdated") {
  const test::TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  SplitEvaluation evaluation;
  evaluation.not_held_out = "the data set holds other impressions";
  write_file(folder.evaluation(), to_json(evaluation));
  CHECK(
      outdated_evaluation(folder, "", {}) ==
      folder.evaluation().string() +
          ": was measured on another data set than the run was trained on, whose splits may hold impressions "
          "that the run learnt from; prepare the run's own again and run esmm evaluate " +
          folder.path().string());
}

TEST_CASE("an evaluation that does not say of which calibration it is is outdated for every one") {
  const test::TemporaryFolder temporary;
  const RunFolder folder(temporary.path());
  write_file(folder.evaluation(), R"({"ctr": {}, "uncalibrated": {}})");
  CHECK_FALSE(outdated_evaluation(folder, "", platt(0.7)).empty());
  CHECK_FALSE(outdated_evaluation(folder, "", {}).empty());
}

}  // namespace
}  // namespace esmm::train
