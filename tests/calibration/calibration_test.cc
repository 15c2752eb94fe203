#include "esmm/calibration/calibration.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/random.h"

namespace esmm::calibration {
namespace {

// Impressions whose clicks and conversions are drawn from probabilities that the model gets wrong by constant
// factors of the odds, and more wrong where nobody clicks.
struct World {
  std::vector<float> p_ctr, p_cvr, click, conversion;

  explicit World(int n, uint64_t seed = 3) {
    Random random(seed);
    for (int i = 0; i < n; ++i) {
      const double ctr = 0.05 + 0.4 * random.uniform(), cvr = 0.1 + 0.5 * random.uniform();
      const bool clicked = random.uniform() < ctr, converted = random.uniform() < cvr;
      p_ctr.push_back(static_cast<float>(1.5 * ctr));
      p_cvr.push_back(static_cast<float>(0.5 * cvr + 0.2 * ctr));
      click.push_back(clicked ? 1.F : 0.F);
      conversion.push_back(clicked && converted ? 1.F : 0.F);
    }
  }
  HeldOut held_out() const {
    return {.p_ctr = p_ctr, .p_cvr = p_cvr, .click = click, .conversion = conversion};
  }
};

// Mean predicted over observed: pCTR on impressions, pCVR on clicks, pCTCVR on impressions.
struct Pcoc {
  double ctr, cvr, ctcvr;
  Pcoc(const Calibration& calibration, const World& world) {
    double sums[3] = {}, clicks = 0, conversions = 0;
    for (size_t i = 0; i < world.click.size(); ++i) {
      const double p_ctr = calibration.ctr(world.p_ctr[i]), p_cvr = calibration.cvr(world.p_cvr[i]);
      sums[0] += p_ctr;
      sums[1] += world.click[i] * p_cvr;
      sums[2] += p_ctr * p_cvr;
      clicks += world.click[i];
      conversions += world.conversion[i];
    }
    ctr = sums[0] / clicks;
    cvr = sums[1] / conversions;
    ctcvr = sums[2] / conversions;
  }
};

TEST_CASE("new impressions of the same kind are calibrated") {
  const World fitted(200'000), fresh(200'000, 4);
  for (const auto method : {CalibrationMethod::platt, CalibrationMethod::isotonic}) {
    const Calibration on_clicks = fit(fitted.held_out(), {.method = method, .cvr = CvrTarget::clicks});
    CHECK(Pcoc(on_clicks, fresh).ctr == Approx(1).margin(0.02));
    CHECK(Pcoc(on_clicks, fresh).cvr == Approx(1).margin(0.02));
    const Calibration on_all = fit(fitted.held_out(), {.method = method, .cvr = CvrTarget::ctcvr});
    CHECK(Pcoc(on_all, fresh).ctr == Approx(1).margin(0.02));
    CHECK(Pcoc(on_all, fresh).ctcvr == Approx(1).margin(0.02));
  }
  CHECK(Pcoc({}, fresh).ctr > 1.4);
}

TEST_CASE("no method does nothing") {
  const Calibration none = fit(World(100).held_out(), {});
  CHECK(none.does_nothing());
  CHECK(none.ctr(0.25) == 0.25);
}

TEST_CASE("a calibration survives its file") {
  const World world(5000);
  for (const auto method : {CalibrationMethod::none, CalibrationMethod::platt, CalibrationMethod::isotonic}) {
    const Calibration before = fit(world.held_out(), {.method = method});
    const Calibration after = from_json(to_json(before), "calibration.json");
    for (const double p : {0.0, 0.1, 0.33, 0.9, 1.0}) {
      CHECK(after.ctr(p) == before.ctr(p));
      CHECK(after.cvr(p) == before.cvr(p));
    }
  }
}

TEST_CASE("a calibration's name is how its maps were fitted") {
  Calibration calibration;
  CHECK(name_of(calibration) == "none");
  calibration.cvr.kind = Map::Kind::platt;
  CHECK(name_of(calibration) == "none, platt");
  calibration.ctr.kind = Map::Kind::platt;
  CHECK(name_of(calibration) == "platt");
}

TEST_CASE("a damaged file is refused by its name") {
  for (
      const char* text :
      {"", "{}", R"({"ctr": {"kind": "none"}})", R"({"ctr": {"kind": "x"}, "cvr": {"kind": "none"}})",
       R"({"ctr": {"kind": "isotonic", "x": [0, 1], "y": [0]}, "cvr": {"kind": "none"}})",
       R"({"ctr": {"kind": "isotonic", "x": [0, 0.5, 0.5, 1], "y": [0, 0, 1, 1]}, "cvr": {"kind": "none"}})"}) {
    CHECK_THROWS_WITH(from_json(text, "run/calibration.json"), Catch::StartsWith("run/calibration.json: "));
  }
}

TEST_CASE("too few conversions are told by the head") {
  World world(1000);
  world.conversion.assign(1000, 0.F);
  CHECK_THROWS_WITH(fit(world.held_out(), {.method = CalibrationMethod::platt}),
                    Catch::StartsWith("pCVR: too few positives to calibrate on"));
}

}  // namespace
}  // namespace esmm::calibration
