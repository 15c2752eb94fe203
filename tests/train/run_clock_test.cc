#include "esmm/train/run_clock.h"

#include <catch2/catch.hpp>

namespace esmm::train {
namespace {

TEST_CASE("a run's seconds go on from those before it was resumed") {
  RunClock clock;
  clock.start(1000, 0);
  const double seconds = clock.seconds();
  CHECK(seconds >= 1000);
  CHECK(clock.seconds() >= seconds);
}

TEST_CASE("a rate counts from the one before, or from the start") {
  RunClock clock;
  clock.start(1000, 50);
  CHECK(clock.samples_per_second(1002, 150) == 50);
  CHECK(clock.samples_per_second(1006, 190) == 10);
}

TEST_CASE("what is left out is no part of the next rate, and of no other") {
  RunClock clock;
  clock.start(1000, 0);
  clock.leave_out_since(0);  // a thousand seconds
  CHECK(clock.samples_per_second(2010, 100) == Approx(10).epsilon(0.1));
  CHECK(clock.samples_per_second(2020, 200) == 10);
}

}  // namespace
}  // namespace esmm::train
