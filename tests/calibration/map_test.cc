#include "esmm/calibration/map.h"

#include <catch2/catch.hpp>

#include <cmath>

namespace esmm::calibration {
namespace {

TEST_CASE("no map leaves a probability as it is") { CHECK(Map{}(0.3) == 0.3); }

TEST_CASE("platt is a line on the log-odds") {
  const Map map{.kind = Map::Kind::platt, .slope = 2, .intercept = std::log(3.0), .x = {}, .y = {}};
  CHECK(map(0.5) == Approx(0.75));                       // odds 1 -> 3
  CHECK(map(0.2) == Approx(3.0 / 16 / (1 + 3.0 / 16)));  // odds 1/4 -> 3/16
  CHECK(map(0.0) > 0);
  CHECK(map(0.0) < 1e-70);
  CHECK(map(1.0) < 1);
}

TEST_CASE("isotonic is a line through points") {
  const Map map{.kind = Map::Kind::isotonic, .x = {0, 0.2, 0.6, 1}, .y = {0, 0.1, 0.7, 1}};
  CHECK(map(0.0) == 0.0);
  CHECK(map(0.1) == Approx(0.05));
  CHECK(map(0.2) == Approx(0.1));
  CHECK(map(0.4) == Approx(0.4));
  CHECK(map(0.8) == Approx(0.85));
  CHECK(map(1.0) == 1.0);
}

TEST_CASE("isotonic with its ends alone is the identity") {
  const Map map{.kind = Map::Kind::isotonic, .x = {0, 1}, .y = {0, 1}};
  CHECK(map(0.0) == 0.0);
  CHECK(map(0.25) == 0.25);
  CHECK(map(1.0) == 1.0);
}

}  // namespace
}  // namespace esmm::calibration
