#include "esmm/metrics/slices.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/metrics/sorted_rows.h"

namespace esmm::metrics {
namespace {

using Floats = std::vector<float>;

std::vector<Slice> slices_of(const Floats& p, const Floats& labels, const std::vector<int64_t>& slice,
                             int64_t min_rows = 1, const std::vector<double>& weights = {}) {
  return slice_table(sorted_rows(std::span<const float>(p)), p, std::span<const float>(labels), slice,
                     min_rows, weights);
}

TEST_CASE("The slice table measures each slice alone, the largest first") {
  const Floats p = {0.5F, 0.25F, 0.75F, 0.5F, 0.125F, 0.25F, 0.75F};
  const Floats labels = {1, 0, 1, 0, 0, 0, 1};
  const auto table = slices_of(p, labels, {7, -2, 7, 7, -2, 7, 5});
  REQUIRE(table.size() == 3);

  CHECK(table[0].id == 7);
  CHECK(table[0].slices == 1);
  CHECK(table[0].rows == 4);
  CHECK(table[0].positives == 2);
  // .5 and .75 against .5 and .25: a tie and three wins.
  CHECK(*table[0].auc.number == 3.5 / 4);
  CHECK(*table[0].logloss.number == Approx(-(2 * std::log(0.5) + 2 * std::log(0.75)) / 4).epsilon(1e-15));
  CHECK(*table[0].pcoc.number == 1);

  CHECK(table[1].id == -2);
  CHECK(table[1].rows == 2);
  CHECK(table[1].auc.reason == "no positives");
  CHECK(*table[1].logloss.number == Approx(-(std::log(0.75) + std::log(0.875)) / 2).epsilon(1e-15));
  CHECK(table[1].pcoc.reason == "no positives");

  CHECK(table[2].id == 5);
  CHECK(table[2].auc.reason == "no negatives");
  CHECK(*table[2].pcoc.number == 0.75);
}

TEST_CASE("The slice table sums small slices into one last line that says how many they are") {
  const Floats p = {0.5F, 0.25F, 0.75F, 0.5F, 0.125F, 0.25F, 0.75F};
  const Floats labels = {0, 1, 1, 0, 0, 0, 1};
  const auto table = slices_of(p, labels, {1, 2, 3, 3, 3, 4, 1}, 2);
  REQUIRE(table.size() == 3);
  CHECK(table[0].id == 3);
  CHECK(table[1].id == 1);
  CHECK_FALSE(table[2].id);
  CHECK(table[2].slices == 2);
  CHECK(table[2].rows == 2);
  // Slices 2 and 4 have one class each; together they tie.
  CHECK(*table[2].auc.number == 0.5);
  CHECK(*table[2].pcoc.number == 0.5);

  const auto all_small = slices_of(p, labels, {1, 2, 3, 3, 3, 4, 1}, 100);
  REQUIRE(all_small.size() == 1);
  CHECK(all_small[0].slices == 4);
  CHECK(all_small[0].rows == 7);
  // .25, .75, .75 against .5, .5, .125, .25: 1.5 + 4 + 4 of 12.
  CHECK(*all_small[0].auc.number == Approx(9.5 / 12).epsilon(1e-15));
}

TEST_CASE("Slices of equally many rows are in the order of their ids") {
  const auto table = slices_of({0.5F, 0.5F, 0.5F}, {1, 0, 1}, {9, -9, 3});
  REQUIRE(table.size() == 3);
  CHECK(table[0].id == -9);
  CHECK(table[1].id == 3);
  CHECK(table[2].id == 9);
}

TEST_CASE("The slice table weighs rows, and takes true probabilities for labels") {
  const auto weighted = slices_of({0.5F, 0.25F, 0.75F}, {1, 0, 0}, {4, 4, 4}, 1, {2, 1, 3});
  REQUIRE(weighted.size() == 1);
  CHECK(weighted[0].rows == 3);
  CHECK(weighted[0].positives == 2);
  CHECK(*weighted[0].auc.number == 0.25);
  CHECK(*weighted[0].pcoc.number == 3.5 / 2);

  const Floats p = {0.25F, 0.5F};
  const std::vector<double> truth = {0.25, 0.5};
  const std::vector<int64_t> slice = {1, 1};
  const auto table =
      slice_table(sorted_rows(std::span<const float>(p)), p, std::span<const double>(truth), slice, 1);
  CHECK(table[0].positives == 0.75);
  // (0.25 * 0.75 / 2 + 0.5 * 0.75 + 0.5 * 0.5 / 2) / (0.75 * 1.25)
  CHECK(*table[0].auc.number == Approx(0.59375 / 0.9375).epsilon(1e-15));
}

TEST_CASE("The slice table of no rows has no lines, and a bad row is refused") {
  CHECK(slices_of({}, {}, {}).empty());
  CHECK_THROWS_WITH(slices_of({0.5F, 2.0F}, {0, 1}, {1, 1}), Catch::Contains("prediction of row 1"));
  CHECK_THROWS_AS(slices_of({0.5F}, {0}, {1, 1}), InternalError);
}

}  // namespace
}  // namespace esmm::metrics
