#include "esmm/config/paths.h"

#include <stdlib.h>
#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "tests/config/support.h"
#include "tests/support/temporary_folder.h"

using esmm::config::PathKind;
using esmm::config::resolve_path;

TEST_CASE("a relative path resolves against the folder, an absolute or empty one stays") {
  CHECK(resolve_path("../x/./y.csv", "/a/b", PathKind::plain) == "/a/x/y.csv");
  CHECK(resolve_path("/y", "/a/b", PathKind::plain) == "/y");
  CHECK(resolve_path("", "/a/b", PathKind::plain).empty());
}

TEST_CASE("variables of the environment are replaced, with and without a default") {
  ::setenv("ESMM_TEST_FOLDER", "/data", 1);
  ::setenv("ESMM_TEST_EMPTY", "", 1);
  ::unsetenv("ESMM_TEST_UNSET");
  CHECK(resolve_path("${ESMM_TEST_FOLDER}/a", "/c", PathKind::plain) == "/data/a");
  CHECK(resolve_path("${ESMM_TEST_UNSET:-../d}/a", "/c", PathKind::plain) == "/d/a");
  CHECK(resolve_path("${ESMM_TEST_EMPTY:-d}/a", "/c", PathKind::plain) == "/c/d/a");
  CHECK(resolve_path("x${ESMM_TEST_EMPTY}y$z", "/c", PathKind::plain) == "/c/xy$z");
  CHECK_THROWS_WITH(
      resolve_path("${ESMM_TEST_UNSET}/a", "/c", PathKind::plain),
      "the environment variable ESMM_TEST_UNSET is not set; export it, or write ${ESMM_TEST_UNSET:-default}");
  CHECK_THROWS_WITH(resolve_path("${ESMM", "/c", PathKind::plain),
                    "a variable is not closed: expected ${NAME}, got ${ESMM");
}

TEST_CASE("a glob finds its files also below a folder whose name looks like a pattern") {
  const esmm::test::TemporaryFolder folder;
  const auto odd = folder / "run[1]*?";
  esmm::write_file(odd / "log_1.csv", "");
  CHECK(esmm::glob(resolve_path("log_*.csv", odd, PathKind::pattern)) ==
        std::vector<std::filesystem::path>{odd / "log_1.csv"});
  ::setenv("ESMM_TEST_ODD", odd.c_str(), 1);
  CHECK(esmm::glob(resolve_path("${ESMM_TEST_ODD}/log_1.csv", "/", PathKind::pattern)).size() == 1);
  CHECK(resolve_path("run", odd, PathKind::plain) == odd / "run");
  esmm::write_file(odd / "c.yaml", esmm::test::valid_with("log.csv", "'log_*.csv'"));
  CHECK(esmm::glob(esmm::load_config(odd / "c.yaml").data.sources[0].paths[0]).size() == 1);
}
