#include "esmm/metrics/histogram.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "esmm/core/error.h"

namespace esmm::metrics {
namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

TEST_CASE("a histogram counts each class per bin, an edge belongs to the bin that it begins") {
  const Floats scores = {0.0F, 0.25F, 0.375F, 0.5F, 0.75F, 1.0F}, labels = {1, 0, 1, 1, 0, 0};
  const Histogram counts = score_histogram(scores, labels, {0.25, 0.5, 0.75});
  CHECK(counts.positive == Doubles{2, 1});  // 0 lies below the first edge, 0.75 and 1 above the last
  CHECK(counts.negative == Doubles{1, 2});
}

TEST_CASE("a histogram takes probabilities for labels") {
  const Floats scores = {0.1F, 0.9F};
  const Doubles target = {0.25, 0.5};
  const Histogram counts = score_histogram(scores, target, {0, 0.5, 1});
  CHECK(counts.positive == Doubles{0.25, 0.5});
  CHECK(counts.negative == Doubles{0.75, 0.5});
}

TEST_CASE("a histogram refuses NaN and edges that do not rise") {
  const Floats nan = {std::numeric_limits<float>::quiet_NaN()}, label = {1};
  CHECK_THROWS_WITH(score_histogram(nan, label, {0, 1}), Catch::Contains("row 0 is not a number"));
  CHECK_THROWS_AS(score_histogram(label, label, {0, 0}), InternalError);
  CHECK_THROWS_AS(score_histogram(label, label, {0}), InternalError);
}

TEST_CASE("logit edges are equally wide in logit and span the probabilities") {
  // logit: ln 1/4, 0, ln 4; 0 and 1 have none.
  const Doubles edges = logit_edges(Floats{0.5F, 0.8F, 0.0F, 0.2F, 1.0F}, 2);
  REQUIRE(edges.size() == 3);
  CHECK(edges[0] == Approx(0.2).epsilon(1e-6));
  CHECK(edges[1] == Approx(0.5).epsilon(1e-6));
  CHECK(edges[2] == Approx(0.8).epsilon(1e-6));
}

TEST_CASE("logit edges of one value surround it, of none are none") {
  const Doubles edges = logit_edges(Floats{0.5F, 0.5F}, 40);
  REQUIRE(edges.size() == 2);
  CHECK(edges[0] == Approx(1 / (1 + std::exp(0.5))));
  CHECK(edges[1] == Approx(1 / (1 + std::exp(-0.5))));
  CHECK(logit_edges(Floats{}, 40).empty());
  CHECK(logit_edges(Floats{0.0F, 1.0F}, 40).empty());
}

}  // namespace
}  // namespace esmm::metrics
