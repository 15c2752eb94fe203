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
  const size_t begin = said.find("\nno ") + 1;  // behind the table
  CHECK(said.substr(begin, said.find("evaluation: ") - begin) ==
        "no gauc of ctr: no group column\n"
        "no auc of cvr: no positives\n"
        "no gauc of cvr: no group column\n"
        "no pcoc of cvr: no positives\n"
        "no auc of ctcvr: no positives\n"
        "no gauc of ctcvr: no group column\n"
        "no pcoc of ctcvr: no positives\n");
}

}  // namespace esmm::test
