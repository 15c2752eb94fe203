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

}  // namespace esmm::test
