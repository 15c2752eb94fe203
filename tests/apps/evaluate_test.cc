#include <catch2/catch.hpp>

#include "tests/apps/program.h"
#include "tests/apps/small_logs.h"

namespace esmm::test {

TEST_CASE("esmm evaluate says why a metric has no number, and nothing of those that have one") {
  const SmallLogs logs("{by: column, column: user, train: {to: u5}, test: {from: u6}}");
  logs.change("u6,i0,1,1", "u6,i0,1,0");  // the only conversion of user u6
  esmm_done({"prepare", logs.config()});
  esmm_done({"train", logs.config()});
  const std::string said = esmm_done({"evaluate", (logs.folder / "run").string()});
  INFO(said);
  for (const char* head : {"cvr", "ctcvr"}) {
    for (const char* metric : {"auc", "pcoc"})
      CHECK_THAT(said, Catch::Contains(fmt::format("\nno {} of {}: no positives\n", metric, head)));
  }
  CHECK_THAT(said, !Catch::Contains("no logloss") && !Catch::Contains("of ctr:"));
}

}  // namespace esmm::test
