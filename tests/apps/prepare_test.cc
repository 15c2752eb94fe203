#include <catch2/catch.hpp>

#include "tests/apps/program.h"
#include "tests/apps/small_logs.h"

namespace esmm::test {

TEST_CASE("esmm prepare says that it replaces a data set") {
  const SmallLogs logs;
  const auto says_so =
      Catch::Contains((logs.folder / "prepared").string() + " holds a data set already, which is replaced");
  CHECK_THAT(esmm({"prepare", logs.config()}).err, !says_so);
  const Outcome again = esmm({"prepare", logs.config()});
  CHECK(again.code == 0);
  CHECK_THAT(again.err, says_so);
}

TEST_CASE("a run is told where its data set was prepared again with another split") {
  const SmallLogs logs("{by: fraction, test_fraction: 0.25}", 400);
  const std::string run = (logs.folder / "run").string();
  esmm_done({"prepare", logs.config()});
  esmm_done({"train", logs.config()});
  const auto warned = Catch::Contains("was prepared in another way");
  CHECK_THAT(esmm({"evaluate", run}).err, !warned);
  esmm_done({"prepare", logs.config(), "--set", "data.split.seed=2"});
  for (const char* command : {"evaluate", "report"}) {
    const Outcome outcome = esmm({command, run});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.err, warned && Catch::Contains("(data.split.seed: 1 then, 2 now)"));
  }
  const Outcome exported = esmm({"export", run, "--out", (logs.folder / "model.pt").string()});
  CHECK(exported.code == 0);
  CHECK_THAT(exported.err, Catch::Contains("it is left out of the exported file"));
}

TEST_CASE(
    "a calibration is told where the data set is not the run's, and refused where the vocabulary is not") {
  const SmallLogs logs("{by: fraction, validation_fraction: 0.4, test_fraction: 0.2}", 400);
  const std::string run = (logs.folder / "run").string(), model = (logs.folder / "model.pt").string();
  esmm_done({"prepare", logs.config()});
  esmm_done({"train", logs.config()});
  CHECK_THAT(esmm({"calibrate", run}).err, !Catch::Contains("was prepared in another way"));
  const std::string other = (logs.folder / "other").string();
  esmm_done({"prepare", logs.config(), "--out", other, "--set", "data.split.seed=2"});
  const Outcome outcome = esmm({"calibrate", run, "--data", other});
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.err, Catch::Contains("warning") && Catch::Contains("(data.split.seed: 1 then, 2 now)"));

  logs.change("u6", "u7,i0,0,0\nu8");
  esmm_done({"prepare", logs.config()});
  const Outcome refused = esmm({"calibrate", run});
  CHECK(refused.code == 1);
  CHECK_THAT(refused.err, Catch::Contains((logs.folder / "prepared").string() +
                                          ": the data set has another vocabulary than the run's"));
  CHECK_THAT(esmm({"export", run, "--out", model}).err,
             Catch::Contains("made-up impressions alone: the data set " +
                             (logs.folder / "prepared").string() + " was prepared again since the training"));
}

TEST_CASE("a run is told where its data set was prepared again from other files") {
  const SmallLogs logs("{by: fraction, test_fraction: 0.25}", 400);
  const std::string run = (logs.folder / "run").string();
  esmm_done({"prepare", logs.config()});
  esmm_done({"train", logs.config()});
  logs.change("u1,i1,0,0", "u1,i1,1,0");
  esmm_done({"prepare", logs.config()});
  for (const char* command : {"evaluate", "report"}) {
    const Outcome outcome = esmm({command, run});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.err,
               Catch::Contains("holds other impressions than the one that the run was trained on"));
  }
  CHECK_THAT(read_file(logs.folder / "run" / "report.html"),
             Catch::Contains("Perhaps measured on rows that the model was trained on"));
}

}  // namespace esmm::test
