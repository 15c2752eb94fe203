#include "esmm/calibration/fit.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/random.h"

namespace esmm::calibration {
namespace {

struct Sample {
  std::vector<float> p, weight, positive;

  void add(float probability, float label, float times = 1) {
    p.push_back(probability);
    weight.push_back(times);
    positive.push_back(label * times);
  }
  Rows rows() const { return {.p = p, .weight = weight, .positive = positive}; }
};

// n scores whose true log-odds are slope * logit(score) + intercept.
Sample drawn(double slope, double intercept, int n) {
  Random random(5);
  Sample sample;
  for (int i = 0; i < n; ++i) {
    const auto p = static_cast<float>(0.02 + 0.96 * random.uniform());
    const double truth = 1 / (1 + std::exp(-(slope * logit(p) + intercept)));
    sample.add(p, random.uniform() < truth ? 1.F : 0.F);
  }
  return sample;
}

double mean_of(const Map& map, const Rows& rows) {
  double sum = 0, weights = 0;
  for (size_t i = 0; i < rows.p.size(); ++i) {
    sum += rows.weight[i] * map(rows.p[i]);
    weights += rows.weight[i];
  }
  return sum / weights;
}

double rate_of(const Rows& rows) {
  double positives = 0, weights = 0;
  for (size_t i = 0; i < rows.p.size(); ++i) {
    positives += rows.positive[i];
    weights += rows.weight[i];
  }
  return positives / weights;
}

TEST_CASE("platt finds the line that labels were drawn from") {
  const Map map = fit_platt(drawn(0.7, -0.5, 200'000).rows());
  CHECK(map.slope == Approx(0.7).margin(0.02));
  CHECK(map.intercept == Approx(-0.5).margin(0.02));
}

TEST_CASE("platt makes the mean right on what it was fitted to") {
  const Sample sample = drawn(1.4, -2, 20'000);
  CHECK(mean_of(fit_platt(sample.rows()), sample.rows()) == Approx(rate_of(sample.rows())).epsilon(1e-9));
}

TEST_CASE("platt of two scores solves two equations") {
  Sample sample;
  for (int i = 0; i < 40; ++i) sample.add(0.2F, i < 4 ? 1.F : 0.F);   // a tenth
  for (int i = 0; i < 40; ++i) sample.add(0.8F, i < 30 ? 1.F : 0.F);  // three quarters
  const Map map = fit_platt(sample.rows());
  CHECK(map(0.2F) == Approx(0.1));
  CHECK(map(0.8F) == Approx(0.75));
}

TEST_CASE("platt of one score moves the mean alone") {
  Sample sample;
  for (int i = 0; i < 40; ++i) sample.add(0.5F, i < 10 ? 1.F : 0.F);
  const Map map = fit_platt(sample.rows());
  CHECK(map.slope == 1);
  CHECK(map(0.5F) == Approx(0.25));
}

TEST_CASE("platt takes scores that are exactly 0 or 1") {
  Sample sample = drawn(1, 0, 1000);
  sample.add(0.F, 0);
  sample.add(1.F, 1);
  const Map map = fit_platt(sample.rows());
  CHECK(std::isfinite(map.slope));
  CHECK(mean_of(map, sample.rows()) == Approx(rate_of(sample.rows())));
}

TEST_CASE("platt refuses scores that rank the wrong way") {
  CHECK_THROWS_WITH(fit_platt(drawn(-1, 0, 10'000).rows()), Catch::Contains("higher scores are no better"));
}

TEST_CASE("isotonic goes through the rates of its blocks") {
  Sample sample;
  for (int i = 0; i < 100; ++i) sample.add(0.1F, i < 20 ? 1.F : 0.F);
  for (int i = 0; i < 100; ++i) sample.add(0.3F, i < 50 ? 1.F : 0.F);
  const Map map = fit_isotonic(sample.rows());
  REQUIRE(map.x.size() == 4);
  CHECK(map.x[1] == Approx(0.1));
  CHECK(map.y[1] == Approx(0.2));
  CHECK(map.x[2] == Approx(0.3));
  CHECK(map.y[2] == Approx(0.5));
  CHECK(map(0.05F) == Approx(0.1));  // on the way from (0, 0)
}

TEST_CASE("isotonic pools blocks whose rates fall") {
  Sample sample;
  for (int i = 0; i < 100; ++i) sample.add(0.1F, i < 40 ? 1.F : 0.F);
  for (int i = 0; i < 100; ++i) sample.add(0.3F, i < 20 ? 1.F : 0.F);
  for (int i = 0; i < 100; ++i) sample.add(0.5F, i < 60 ? 1.F : 0.F);
  const Map map = fit_isotonic(sample.rows());
  REQUIRE(map.x.size() == 4);
  CHECK(map.x[1] == Approx(0.2));
  CHECK(map.y[1] == Approx(0.3));
  CHECK(map.y[2] == Approx(0.6));
}

TEST_CASE("isotonic keeps blocks of ten positives, and the rest goes to the last") {
  Sample sample;
  for (int i = 0; i < 35; ++i) sample.add(0.01F * static_cast<float>(i + 1), 1);
  for (int i = 0; i < 35; ++i) sample.add(0.01F * static_cast<float>(i + 1), 0);
  const Map map = fit_isotonic(sample.rows());
  CHECK(map.x.size() == 4);  // three blocks of rate 1/2 are one, and the largest score
  CHECK(map.y[1] == Approx(0.5));
  CHECK(map.x[1] == Approx(0.18));  // the mean of all
}

TEST_CASE("isotonic is not carried away where few scores lie above its last point") {
  Random random(9);
  Sample sample;  // 5,000 rows of 1 % whose scores are ten times the odds
  for (int i = 0; i < 5000; ++i) {
    const double truth = 0.02 * random.uniform(), odds = 10 * truth / (1 - truth);
    sample.add(static_cast<float>(odds / (1 + odds)), random.uniform() < truth ? 1.F : 0.F);
  }
  CHECK(mean_of(fit_isotonic(sample.rows()), sample.rows()) == Approx(rate_of(sample.rows())).epsilon(0.1));
}

TEST_CASE("isotonic goes on at its last slope to the largest score") {
  Sample sample;
  for (int i = 0; i < 100; ++i) sample.add(0.1F, i < 20 ? 1.F : 0.F);
  for (int i = 0; i < 50; ++i) sample.add(0.2F, i < 15 ? 1.F : 0.F);
  for (int i = 0; i < 50; ++i) sample.add(0.4F, 0);
  for (int i = 0; i < 5; ++i) sample.add(0.5F, 1);
  const Map map = fit_isotonic(sample.rows());
  REQUIRE(map.x.size() == 4);  // one block: 40 of 205, with the mean of 0.2
  CHECK(map.x[1] == Approx((10 + 10 + 20 + 2.5) / 205));
  CHECK(map.y[1] == Approx(40.0 / 205));
  CHECK(map.x[2] == Approx(0.5));
  CHECK(map.y[2] == Approx(0.5 * map.y[1] / map.x[1]));
  CHECK(mean_of(map, sample.rows()) == Approx(40.0 / 205));
}

TEST_CASE("platt refuses scores that keep the classes apart") {
  Sample sample;
  for (int i = 0; i < 20; ++i) sample.add(0.1F + 0.01F * static_cast<float>(i), 0);
  for (int i = 0; i < 20; ++i) sample.add(0.6F + 0.01F * static_cast<float>(i), 1);
  CHECK_THROWS_WITH(fit_platt(sample.rows()), Catch::Contains("keep positives and negatives apart"));
}

TEST_CASE("isotonic keeps the order of scores") {
  const Map map = fit_isotonic(drawn(0.7, -0.5, 100'000).rows());
  CHECK(map.x.size() > 20);
  for (int i = 0; i < 1000; ++i) CHECK(map(i / 1000.0) < map((i + 1) / 1000.0));
}

TEST_CASE("isotonic makes the mean right but for the line between its points") {
  const Sample sample = drawn(0.7, -0.5, 100'000);
  CHECK(mean_of(fit_isotonic(sample.rows()), sample.rows()) == Approx(rate_of(sample.rows())).epsilon(2e-3));
}

TEST_CASE("a rate above 1 is cut, as where pCTR is too low to explain the conversions") {
  Sample sample;
  for (int i = 0; i < 40; ++i) sample.add(0.3F, 0);
  for (int i = 0; i < 40; ++i) {
    sample.p.push_back(0.6F);
    sample.weight.push_back(0.5F);
    sample.positive.push_back(1.F);
  }
  const Map map = fit_isotonic(sample.rows());
  for (const double y : map.y) CHECK(y <= 1);
}

TEST_CASE("a block of positives alone does not make a negative impossible") {
  Sample sample;
  for (int i = 0; i < 40; ++i) sample.add(0.3F, i < 10 ? 1.F : 0.F);
  for (int i = 0; i < 20; ++i) sample.add(0.6F, 1);
  sample.add(0.9F, 1, 0.01F);  // the last line goes on to here
  const Map map = fit_isotonic(sample.rows());
  CHECK(map(0.6) == Approx(21.5 / 22).epsilon(1e-3));  // 21 rows, of which one weighs little
  for (int i = 1; i < 1000; ++i) CHECK(map(i / 1000.0) < 1);
  CHECK(map(1) == 1);
}

TEST_CASE("a last block of few positives is not below the one before it") {
  Sample sample;
  for (int i = 0; i < 4000; ++i) sample.add(0.3F, i > 0 ? 1.F : 0.F);
  for (int i = 0; i < 25; ++i) sample.add(0.6F, 1);
  const Map map = fit_isotonic(sample.rows());
  for (size_t i = 1; i < map.y.size(); ++i) CHECK(map.y[i] >= map.y[i - 1]);
}

TEST_CASE("rows of no weight do not count") {
  Sample sample = drawn(0.7, -0.5, 5000), more = sample;
  for (int i = 0; i < 1000; ++i) more.add(0.9F, 0, 0);
  CHECK(fit_platt(more.rows()).slope == Approx(fit_platt(sample.rows()).slope));
  CHECK(fit_isotonic(more.rows()).y == fit_isotonic(sample.rows()).y);
}

TEST_CASE("too few positives, and positives alone, are refused") {
  for (const auto fit : {fit_platt, fit_isotonic}) {
    Sample sample;
    for (int i = 0; i < 9; ++i) sample.add(0.4F, 1);
    for (int i = 0; i < 9; ++i) sample.add(0.3F, 0);
    CHECK_THROWS_WITH(fit(sample.rows()),
                      Catch::Contains("too few positives to calibrate on: expected at least 10, got 9"));
    Sample all;
    for (int i = 0; i < 20; ++i) all.add(0.4F, 1);
    CHECK_THROWS_WITH(fit(all.rows()), Catch::Contains("cannot calibrate on positives alone"));
    CHECK_THROWS_AS(fit({}), Error);
  }
}

}  // namespace
}  // namespace esmm::calibration
