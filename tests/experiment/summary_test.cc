#include "esmm/experiment/summary.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

namespace esmm::experiment {
namespace {

using metrics::defined;
using metrics::undefined;

TEST_CASE("mean and sample standard deviation of three seeds") {
  const std::vector<uint64_t> seeds{1, 2, 3};
  const Summary summary = summarise({defined(1), defined(2), defined(6)}, seeds);
  CHECK(summary.mean.number.value() == Approx(3));
  CHECK(summary.deviation.number.value() == Approx(std::sqrt(7.0)));  // (4 + 1 + 9) / 2
  CHECK(summary.values.size() == 3);
}

TEST_CASE("one seed has a mean and no deviation") {
  const std::vector<uint64_t> seeds{1};
  const Summary summary = summarise({defined(0.5)}, seeds);
  CHECK(summary.mean.number == 0.5);
  CHECK_FALSE(summary.deviation.number);
  CHECK(summary.deviation.reason == "needs two seeds");
}

TEST_CASE("a seed without a value leaves the mean undefined, and is named") {
  const std::vector<uint64_t> seeds{1, 4, 7};
  const Summary summary = summarise({defined(1), undefined("no positives"), defined(2)}, seeds);
  CHECK_FALSE(summary.mean.number);
  CHECK(summary.mean.reason == "seed 4: no positives");
  CHECK_FALSE(summary.deviation.number);
  CHECK(summary.values[2].number == 2.0);
}

TEST_CASE("no seeds, no mean") {
  const Summary summary = summarise({}, {});
  CHECK(summary.mean.reason == "no seed is finished");
}

}  // namespace
}  // namespace esmm::experiment
