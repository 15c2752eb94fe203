#include "esmm/core/error.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using esmm::ConfigError;
using esmm::Error;
using esmm::Interrupted;
using esmm::Problem;

TEST_CASE("a problem's line says where, what, expected, got and what to do") {
  const Problem problem{
      .what = "out of bounds", .where = "a.yaml:3", .expected = ">= 1", .got = "0", .hint = "use 1"};
  CHECK(problem.line() == "a.yaml:3: out of bounds: expected >= 1, got 0; use 1");
}

TEST_CASE("a problem's line leaves out what is not known") {
  CHECK(Problem{.what = "broken"}.line() == "broken");
  CHECK(Problem{.what = "broken", .where = "f:1"}.line() == "f:1: broken");
  CHECK(Problem{.what = "broken", .got = "0"}.line() == "broken: got 0");
  CHECK(Problem{.what = "broken", .expected = "1", .hint = "mend"}.line() == "broken: expected 1; mend");
}

TEST_CASE("an error's text has one line per problem") {
  const Problem first{.what = "one"};
  const Problem second{.what = "two", .where = "x"};
  const Error error(std::vector<Problem>{first, second});
  CHECK(std::string(error.what()) == "one\nx: two");
  CHECK(error.problems().size() == 2);
}

TEST_CASE("each kind of error has its exit code") {
  const Problem problem{.what = "x"};
  CHECK(Error(problem).exit_code() == 1);
  CHECK(ConfigError(problem).exit_code() == 2);
  CHECK(Interrupted(problem).exit_code() == 130);
}
