#include "esmm/report/scale.h"

#include <catch2/catch.hpp>

#include <cmath>

namespace esmm::report {
namespace {

std::vector<std::string> labels(const Scale& scale) {
  std::vector<std::string> labels;
  for (const Tick& tick : ticks(scale)) labels.push_back(tick.label);
  return labels;
}

using Labels = std::vector<std::string>;

TEST_CASE("a value lies between the ends as the spacing says") {
  CHECK(Scale{.low = 10, .high = 20}.place(15) == 0.5);
  CHECK(Scale{.low = 0.01, .high = 1, .spacing = Spacing::log}.place(0.1) == Approx(0.5));
  CHECK(Scale{.low = 0.2, .high = 0.8, .spacing = Spacing::logit}.place(0.5) == Approx(0.5));
  CHECK(Scale{.low = 0, .high = 1}.place(2) == 2);
}

TEST_CASE("ticks are round numbers within the ends") {
  CHECK(labels({.low = 0, .high = 1}) == Labels{"0", "0.2", "0.4", "0.6", "0.8", "1"});
  CHECK(labels({.low = 0.613, .high = 0.648}) == Labels{"0.62", "0.63", "0.64"});
  CHECK(labels({.low = -0.3, .high = 0.3}) == Labels{"-0.3", "-0.2", "-0.1", "0", "0.1", "0.2", "0.3"});
  CHECK(labels({.low = 0, .high = 60000, .unit = Unit::count}) ==
        Labels{"0", "10k", "20k", "30k", "40k", "50k", "60k"});
  CHECK(labels({.low = 0, .high = 0.05, .unit = Unit::probability}) ==
        Labels{"0 %", "1 %", "2 %", "3 %", "4 %", "5 %"});
}

TEST_CASE("ticks of a log or logit axis are spread over its decades") {
  CHECK(labels({.low = 0.0001, .high = 1, .spacing = Spacing::log}) ==
        Labels{"0.0001", "0.0005", "0.005", "0.05", "0.5"});
  CHECK(labels({.low = 0.01, .high = 0.99, .spacing = Spacing::logit, .unit = Unit::probability}) ==
        Labels{"1 %", "5 %", "50 %", "90 %", "99 %"});
  CHECK(labels({.low = 0.21, .high = 0.24, .spacing = Spacing::log}).size() >= 3);  // within a decade
}

TEST_CASE("an axis is fitted to its values with a little room") {
  Scale scale;
  fit(scale, {2, 4, 3});
  CHECK(scale.low == Approx(1.88));
  CHECK(scale.high == Approx(4.12));
  fit(scale, {5});
  CHECK(scale.low < 5);
  CHECK(scale.high > 5);
  Scale untouched;
  fit(untouched, {});
  CHECK(untouched.low == 0);
  CHECK(untouched.high == 1);
  Scale log{.spacing = Spacing::log};
  fit(log, {0.5, 0.005});
  CHECK(log.low == Approx(0.005 / std::pow(100, 0.06)));
  CHECK(log.high == Approx(0.5 * std::pow(100, 0.06)));
  fit(log, {0, 2});  // 0 lies nowhere on it
  CHECK(log.low == Approx(2 / 1.05));
  fit(log, {0});
  CHECK(log.low == 0.1);
}

}  // namespace
}  // namespace esmm::report
