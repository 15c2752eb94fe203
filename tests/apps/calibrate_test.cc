#include <catch2/catch.hpp>

#include "tests/apps/program.h"
#include "tests/apps/small_logs.h"

namespace esmm::test {

TEST_CASE("esmm says that an evaluation from before the calibration is outdated") {
  const SmallLogs logs("{by: fraction, validation_fraction: 0.4, test_fraction: 0.2}", 400);
  const std::string run = (logs.folder / "run").string(), model = (logs.folder / "model.pt").string();
  esmm_done({"prepare", logs.config()});
  esmm_done({"train", logs.config()});
  esmm_done({"evaluate", run});
  const auto says_outdated = Catch::Contains(
      "was measured with another calibration than the model's, or does not say with which; run esmm "
      "evaluate " +
      run);
  for (const Arguments& command :
       {Arguments{"calibrate", run}, {"report", run}, {"export", run, "--out", model}}) {
    const Outcome outcome = esmm(command);
    INFO(command[0] << ": " << outcome.err);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.err, Catch::Contains("warning") && says_outdated);
  }
  CHECK_THAT(esmm_done({"inspect", run}), Catch::Contains("calibration  isotonic\n") && says_outdated);
  CHECK_THAT(esmm_done({"inspect", model}), Catch::Contains("\"calibration\": \"isotonic\""));
  esmm_done({"evaluate", run});
  CHECK_THAT(esmm({"export", run, "--out", model}).err, !Catch::Contains("warning"));
  CHECK_THAT(esmm({"calibrate", run, "--method", "none"}).err, says_outdated);
}

}  // namespace esmm::test
