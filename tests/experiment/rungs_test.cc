#include "esmm/experiment/rungs.h"

#include <catch2/catch.hpp>

namespace esmm::experiment {
namespace {

TEST_CASE("random search trains every trial to its end") {
  TuneConfig tune;
  tune.trials = 7;
  const auto rungs = rungs_of(tune);
  REQUIRE(rungs.size() == 1);
  CHECK(rungs[0].trials == 7);
  CHECK(rungs[0].share == 1);
}

TEST_CASE("halving of 10 trials by 3: 10 to a ninth, 4 to a third, 2 to the end") {
  TuneConfig tune;
  tune.search = Search::halving;
  tune.trials = 10;
  tune.keep_one_of = 3;
  const auto rungs = rungs_of(tune);
  REQUIRE(rungs.size() == 3);
  CHECK(rungs[0].trials == 10);
  CHECK(rungs[0].share == Approx(1.0 / 9));
  CHECK(rungs[1].trials == 4);
  CHECK(rungs[1].share == Approx(1.0 / 3));
  CHECK(rungs[2].trials == 2);
  CHECK(rungs[2].share == 1);
}

TEST_CASE("fewer trials than one rung keeps: one rung") {
  TuneConfig tune;
  tune.search = Search::halving;
  tune.trials = 2;
  tune.keep_one_of = 3;
  REQUIRE(rungs_of(tune).size() == 1);
  CHECK(rungs_of(tune)[0].trials == 2);
  CHECK(rungs_of(tune)[0].share == 1);
}

TEST_CASE("a share of the steps is rounded up, and is one step at least") {
  CHECK(steps_of(1.0 / 3, 15) == 5);
  CHECK(steps_of(1.0 / 9, 15) == 2);
  CHECK(steps_of(1.0 / 81, 15) == 1);
  CHECK(steps_of(1, 15) == 15);
}

}  // namespace
}  // namespace esmm::experiment
