#include "esmm/data/generate/generate_truth.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/data/generate/generated.h"

namespace esmm::data {
namespace {

using test::generated;
using test::LoggedImpression;
using test::small;

// How many standard deviations the labels are away from their probabilities.
struct Deviation {
  double difference = 0, variance = 0;
  void add(bool label, double p) {
    difference += label - p;
    variance += p * (1 - p);
  }
  double value() const { return std::abs(difference) / std::sqrt(variance); }
};

TEST_CASE("Labels are drawn from the true probabilities") {
  GenerateOptions options = small(60'000);
  options.ctr = options.cvr = 0.2;  // enough of both for the test to tell
  const auto log = generated(options);
  Deviation clicks, conversions;
  std::array<Deviation, 5> clicks_by_cvr, conversions_by_ctr, conversions_by_cvr;
  const auto bin = [](double p) { return std::min<size_t>(4, static_cast<size_t>(p / 0.1)); };
  for (const LoggedImpression& row : log) {
    clicks.add(row.click, row.p_ctr);
    clicks_by_cvr[bin(row.p_cvr)].add(row.click, row.p_ctr);
    if (!row.click) {
      REQUIRE_FALSE(row.conversion);
      continue;
    }
    conversions.add(row.conversion, row.p_cvr);
    conversions_by_ctr[bin(row.p_ctr)].add(row.conversion, row.p_cvr);
    conversions_by_cvr[bin(row.p_cvr)].add(row.conversion, row.p_cvr);
  }
  CHECK(clicks.value() < 4);
  CHECK(conversions.value() < 4);
  for (size_t i = 0; i < 5; ++i) {
    CHECK(clicks_by_cvr[i].value() < 4);
    CHECK(conversions_by_ctr[i].value() < 4);
    CHECK(conversions_by_cvr[i].value() < 4);
  }
}

TEST_CASE("Mean true probabilities are those asked for") {
  for (const auto& [ctr, cvr] : {std::pair{0.05, 0.05}, std::pair{0.3, 0.01}, std::pair{0.01, 0.6}}) {
    GenerateOptions options = small(40'000);
    options.ctr = ctr;
    options.cvr = cvr;
    double mean_ctr = 0, mean_cvr = 0;
    for (const LoggedImpression& row : generated(options)) {
      mean_ctr += row.p_ctr / 40'000;
      mean_cvr += row.p_cvr / 40'000;
    }
    CHECK(mean_ctr == Approx(ctr).epsilon(0.06));
    CHECK(mean_cvr == Approx(cvr).epsilon(0.06));
  }
}

TEST_CASE("With selection bias clicked impressions convert better, with its opposite worse") {
  const auto lift = [](double bias) {
    GenerateOptions options = small(40'000);
    options.selection_bias = bias;
    double all = 0, clicked = 0, clicks = 0;
    for (const LoggedImpression& row : generated(options)) {
      all += row.p_cvr / 40'000;
      clicked += row.click ? row.p_cvr : 0;
      clicks += row.click;
    }
    return clicked / clicks / all;
  };
  CHECK(lift(0.6) > 1.4);
  CHECK(lift(0.0) == Approx(1).epsilon(0.1));
  CHECK(lift(-0.6) < 0.7);
}

TEST_CASE("The true probabilities order labels usefully") {
  const auto log = generated(small(40'000));
  double clicks_won = 0, click_pairs = 0, conversions_won = 0, conversion_pairs = 0;
  for (const LoggedImpression& a : log) {
    if (!a.click) continue;
    for (const LoggedImpression& b : log) {
      if (!b.click) {
        ++click_pairs;
        clicks_won += a.p_ctr > b.p_ctr;
      } else if (a.conversion && !b.conversion) {
        ++conversion_pairs;
        conversions_won += a.p_cvr > b.p_cvr;
      }
    }
  }
  CHECK(clicks_won / click_pairs == Approx(0.79).margin(0.03));
  CHECK(conversions_won / conversion_pairs == Approx(0.76).margin(0.06));
}

}  // namespace
}  // namespace esmm::data
