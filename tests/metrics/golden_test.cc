#include <catch2/catch.hpp>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "esmm/core/file.h"
#include "esmm/core/random.h"
#include "esmm/metrics/auc.h"
#include "esmm/metrics/logloss.h"

namespace esmm::metrics {
namespace {

struct Case {
  std::vector<double> p, weights;
  std::vector<float> labels;
};

// As golden/make_golden.py draws it.
Case draw(uint64_t seed) {
  Random random(seed, 14);
  const uint64_t rows = 2 + random.below(300);
  const uint64_t levels = uint64_t{1} << (1 + random.below(20));
  const uint64_t spread = random.below(19);
  Case result;
  for (uint64_t i = 0; i < rows; ++i) {
    const auto k = static_cast<double>(1 + random.below(levels - 1));
    const double small = k / static_cast<double>(levels << random.below(spread + 1));
    result.p.push_back(random.below(4) > 0 ? small : 1 - small);
    result.labels.push_back((i < 2 ? i == 1 : random.below(100) < 30) ? 1.0F : 0.0F);
    result.weights.push_back(static_cast<double>(i >= 2 ? random.below(4000) : 1000) / 16);
  }
  return result;
}

double difference(const Value& ours, double theirs) { return std::abs(*ours.number / theirs - 1); }

TEST_CASE("AUC and log loss of 1,000 cases with ties and weights are scikit-learn's") {
  const std::string file = std::string(ESMM_SOURCE_DIR) + "/tests/metrics/golden/scikit_learn.json";
  const auto golden = nlohmann::json::parse(read_file(file)).get<std::vector<std::vector<double>>>();
  REQUIRE(golden.size() == 1000);
  for (uint64_t seed = 0; seed < golden.size(); ++seed) {
    const Case rows = draw(seed);
    const std::span<const double> p(rows.p);
    const std::span<const float> labels(rows.labels);
    INFO("case " << seed);
    if (golden[seed][0] == 0) {
      CHECK(*auc(p, labels).value.number == 0);
    } else {
      CHECK(difference(auc(p, labels).value, golden[seed][0]) < 1e-12);
    }
    if (golden[seed][1] == 0) {
      CHECK(*auc(p, labels, rows.weights).number == 0);
    } else {
      CHECK(difference(auc(p, labels, rows.weights), golden[seed][1]) < 1e-12);
    }
    CHECK(difference(logloss(p, labels), golden[seed][2]) < 1e-12);
    CHECK(difference(logloss(p, labels, rows.weights), golden[seed][3]) < 1e-12);
  }
}

}  // namespace
}  // namespace esmm::metrics
