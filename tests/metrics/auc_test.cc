#include "esmm/metrics/auc.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/random.h"

namespace esmm::metrics {
namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

Auc auc_of(const Floats& scores, const Floats& labels) {
  return auc(std::span<const float>(scores), std::span<const float>(labels));
}

// The definition, pair by pair.
double pairwise(const Floats& scores, const Doubles& positive, const Doubles& negative) {
  long double won = 0, pairs = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    for (size_t j = 0; j < scores.size(); ++j) {
      const long double mass = static_cast<long double>(positive[i]) * static_cast<long double>(negative[j]);
      pairs += mass;
      if (scores[i] > scores[j]) won += mass;
      if (scores[i] == scores[j]) won += mass / 2;
    }
  }
  return static_cast<double>(won / pairs);
}

TEST_CASE("AUC of two rows is 1, 0 or a half") {
  CHECK(*auc_of({0.9F, 0.1F}, {1, 0}).value.number == 1.0);
  CHECK(*auc_of({0.1F, 0.9F}, {1, 0}).value.number == 0.0);
  CHECK(*auc_of({0.5F, 0.5F}, {1, 0}).value.number == 0.5);
}

TEST_CASE("AUC is a half where all scores tie") {
  const Auc result = auc_of({0.2F, 0.2F, 0.2F, 0.2F, 0.2F}, {1, 0, 0, 1, 0});
  CHECK(*result.value.number == 0.5);
  CHECK_FALSE(result.low.number);
  CHECK(result.low.reason == "DeLong's variance is zero: classes do not overlap, or all scores tie");
}

TEST_CASE("AUC is undefined without rows or with one class, and says why") {
  CHECK(auc_of({}, {}).value.reason == "no rows");
  CHECK(auc_of({0.1F, 0.2F}, {0, 0}).value.reason == "no positives");
  CHECK(auc_of({0.1F, 0.2F}, {1, 1}).value.reason == "no negatives");
  CHECK_FALSE(auc_of({0.1F}, {1}).value.number);
  CHECK(auc_of({0.1F}, {1}).low.reason == "no negatives");
}

TEST_CASE("AUC has no interval where a class has one row") {
  const Auc result = auc_of({0.3F, 0.1F, 0.7F}, {1, 0, 0});
  CHECK(*result.value.number == 0.5);
  CHECK(result.high.reason == "fewer than two rows of a class");
}

TEST_CASE("AUC orders negative scores, zeros of both signs, denormals and infinities") {
  CHECK(*auc_of({-3.0F, -2.0F, -1.0F, 4.0F}, {0, 1, 0, 1}).value.number == 0.75);
  CHECK(*auc_of({-0.0F, 0.0F}, {1, 0}).value.number == 0.5);
  CHECK(*auc_of({0.0F, -0.0F}, {1, 0}).value.number == 0.5);
  const float denormal = std::numeric_limits<float>::denorm_min();
  CHECK(*auc_of({denormal, 0.0F}, {1, 0}).value.number == 1.0);
  CHECK(*auc_of({-denormal, -0.0F}, {1, 0}).value.number == 0.0);
  CHECK(*auc_of({2 * denormal, denormal}, {1, 0}).value.number == 1.0);
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(
      *auc_of({infinity, std::numeric_limits<float>::max(), -infinity, std::numeric_limits<float>::lowest()},
              {1, 0, 0, 1})
           .value.number == 0.75);
}

TEST_CASE("AUC of double scores tells apart what float cannot") {
  const Doubles scores = {0.5, 0.5 + 1e-15, -1e-320, 0.0};
  const Floats labels = {0, 1, 0, 1};
  // Positives: the highest score, and 0 above -1e-320 alone.
  CHECK(*auc(std::span<const double>(scores), std::span<const float>(labels)).value.number == 0.75);
}

TEST_CASE("AUC refuses NaN, other labels and bad masses") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(auc_of({0.1F, nan}, {1, 0}), Catch::Contains("prediction of row 1 is not a number"));
  CHECK_THROWS_WITH(auc_of({0.1F, 0.2F}, {1, 0.5F}), Catch::Contains("bad label of row 1"));
  const Floats scores = {0.1F, 0.2F};
  const Doubles good = {1, 1}, bad = {1, -1};
  CHECK_THROWS_WITH(auc(std::span<const float>(scores), bad, good), Catch::Contains("bad mass of row 1"));
  CHECK_THROWS_AS(auc(std::span<const float>(scores), good, std::span(good).first(1)), InternalError);
}

// scikit-learn 1.x roc_auc_score; the interval: numpy, from the n x m matrix of DeLong's components.
TEST_CASE("AUC and its interval agree with scikit-learn and numpy") {
  const Floats scores = {0.03125F, 0.75F, 0.5F,   0.5F,   0.25F, 0.96875F,
                         0.0625F,  0.25F, 0.625F, 0.125F, 0.5F,  0.875F};
  const Floats labels = {0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0};
  const Auc result = auc_of(scores, labels);
  CHECK(*result.value.number == Approx(0.7857142857142857).epsilon(1e-15));
  CHECK(*result.low.number == Approx(0.5137683069030623).epsilon(1e-12));
  CHECK(*result.high.number == 1.0);  // 1.0576 cut

  const Doubles weight = {1, 2, 0.5, 1, 3, 0.25, 1, 1.5, 2, 1, 1, 0.75};
  Doubles positive, negative;
  for (size_t i = 0; i < weight.size(); ++i) {
    positive.push_back(labels[i] == 1 ? weight[i] : 0);
    negative.push_back(labels[i] == 1 ? 0 : weight[i]);
  }
  CHECK(*auc(std::span<const float>(scores), positive, negative).number ==
        Approx(0.8181818181818181).epsilon(1e-15));
  CHECK(*auc(std::span<const float>(scores), labels, weight).number ==
        Approx(0.8181818181818181).epsilon(1e-15));
}

TEST_CASE("AUC of 1,000 rows agrees with scikit-learn") {
  Floats scores, labels;
  Doubles positive, negative;
  for (int i = 0; i < 1000; ++i) {
    scores.push_back(static_cast<float>(((i * 7919) % 997) / 997.0));
    labels.push_back((i * i * 31 + i * 17) % 11 < 3 ? 1.0F : 0.0F);
    positive.push_back((i % 13 + 1) / 16.0);
    negative.push_back(1 - positive.back());
  }
  CHECK(*auc_of(scores, labels).value.number == Approx(0.4933262492224756).epsilon(1e-14));
  // Each row once as a positive and once as a negative, with its masses for sample weights.
  CHECK(*auc(std::span<const float>(scores), positive, negative).number ==
        Approx(0.5024869513166039).epsilon(1e-14));
}

TEST_CASE("Weighted AUC is undefined where a class has no weight") {
  const Floats scores = {0.1F, 0.2F, 0.3F}, labels = {0, 1, 1};
  const auto weighted = [&](const Doubles& weights) {
    return auc(std::span<const float>(scores), labels, weights);
  };
  CHECK(*weighted({1, 0, 2}).number == 1.0);
  CHECK(weighted({1, 0, 0}).reason == "no positives");
  CHECK(weighted({0, 1, 2}).reason == "no negatives");
  CHECK_THROWS_WITH(weighted({1, -2, 1}), Catch::Contains("bad mass of row 1"));
}

TEST_CASE("AUC counts a row that is both a positive and a negative as half against itself") {
  const Floats one = {0.4F}, two = {0.2F, 0.6F};
  const Doubles p_one = {0.3}, n_one = {0.7}, p_two = {0.25, 0.5}, n_two = {0.75, 0.5};
  CHECK(*auc(std::span<const float>(one), p_one, n_one).number == Approx(0.5).epsilon(1e-15));
  // (0.25 * 0.75 / 2 + 0.5 * 0.75 + 0.5 * 0.5 / 2) / (0.75 * 1.25)
  CHECK(*auc(std::span<const float>(two), p_two, n_two).number == Approx(0.59375 / 0.9375).epsilon(1e-15));
}

TEST_CASE("AUC equals the definition pair by pair in 1,000 random cases") {
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed, 11);
    const size_t rows = 2 + random.below(60);
    const uint64_t levels = 1 + random.below(40);  // few: many ties
    Floats scores, labels;
    Doubles positive, negative, is_positive, is_negative;
    for (size_t i = 0; i < rows; ++i) {
      scores.push_back((static_cast<float>(random.below(levels)) - 7) * 0.37F);
      labels.push_back(i == 0 || (i > 1 && random.uniform() < 0.4) ? 1.0F : 0.0F);
      is_positive.push_back(static_cast<double>(labels.back()));
      is_negative.push_back(1 - is_positive.back());
      positive.push_back(random.uniform() < 0.1 ? 0 : random.uniform() * 1e3);
      negative.push_back(random.uniform() + 1e-6);
    }
    positive[0] = 0.5;
    INFO("seed " << seed);
    const double by_labels = pairwise(scores, is_positive, is_negative);
    CHECK(*auc_of(scores, labels).value.number == Approx(by_labels).epsilon(1e-12).margin(1e-300));
    const double by_masses = pairwise(scores, positive, negative);
    CHECK(*auc(std::span<const float>(scores), positive, negative).number ==
          Approx(by_masses).epsilon(1e-12).margin(1e-300));
  }
}

TEST_CASE("AUC's interval holds the true AUC in 93 to 97 of 100 samples") {
  struct Population {
    double shift;  // positives ~ N(shift, 1), negatives ~ N(0, 1): AUC = Phi(shift / sqrt 2)
    int positives, rows;
  };
  constexpr int kSamples = 4000;
  for (const auto& [shift, positives, rows] :
       {Population{0, 50, 100}, {0.5, 60, 200}, {1, 60, 200}, {1, 50, 1000}, {1.5, 100, 400}}) {
    const double truth = std::erfc(-shift / 2) / 2;
    int covered = 0;
    for (int sample = 0; sample < kSamples; ++sample) {
      Random random(static_cast<uint64_t>(sample), static_cast<uint64_t>(rows + positives));
      Floats scores, labels;
      for (int i = 0; i < rows; ++i) {
        labels.push_back(i < positives ? 1.0F : 0.0F);
        scores.push_back(static_cast<float>(random.normal() + (i < positives ? shift : 0)));
      }
      const Auc result = auc_of(scores, labels);
      covered += *result.low.number <= truth && truth <= *result.high.number;
    }
    INFO("shift " << shift << ", " << positives << " positives of " << rows);
    CHECK(covered > 0.93 * kSamples);
    CHECK(covered < 0.97 * kSamples);
  }
}

}  // namespace
}  // namespace esmm::metrics
