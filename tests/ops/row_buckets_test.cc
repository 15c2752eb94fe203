#include "esmm/ops/row_buckets.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <tuple>
#include <vector>

#include "esmm/core/random.h"
#include "tests/ops/bag_cases.h"

namespace esmm::ops::cpu {
namespace {

using Triple = std::tuple<uint32_t, uint32_t, float>;  // row, bag, weight

std::vector<Triple> sorted(const TableGradient& parts, const BucketSizes& sizes) {
  const auto buckets = into_buckets<WeightedItem<float>>(parts, sizes);
  std::vector<WeightedItem<float>> other(static_cast<size_t>(buckets.largest()));
  std::vector<Triple> all;
  for (int64_t bucket = 0; bucket < sizes.count(); ++bucket) {
    const int64_t n = buckets.size(bucket);
    const auto* items = sort_by_row(buckets.begin(bucket), other.data(), n, sizes.bits);
    for (int64_t i = 0; i < n; ++i) {
      CHECK(items[i].row >= sizes.row_begin(bucket));
      CHECK(items[i].row < sizes.row_end(bucket));
      all.emplace_back(items[i].row, items[i].bag, items[i].weight);
    }
  }
  return all;
}

TEST_CASE("ids come by row, equal rows by part and bag, each with its bag and weight") {
  const torch::Tensor rows = torch::tensor({3, 0, 3, 1}, torch::kInt);
  const BagGradient first{
      {rows, torch::tensor({0, 1, 1, 4}, torch::kLong), torch::tensor({.5f, 1.f, 2.f, 3.f}), 1}, {}};
  const BagGradient second{
      {torch::tensor({1, 3}, torch::kInt), torch::tensor({0, 0, 2}, torch::kLong), {}, 2}, {}};
  for (const int bits : {0, 1, 2}) {
    CHECK(
        (sorted({first, second}, {.table_rows = 4, .bits = bits}) ==
         std::vector<Triple>{{0, 2, 1.f}, {1, 2, 3.f}, {1, 4, 1.f}, {3, 0, .5f}, {3, 2, 2.f}, {3, 4, 1.f}}));
  }
  CHECK(sorted({}, {.table_rows = 4, .bits = 1}).empty());
}

TEST_CASE("buckets agree with std::sort for tables of every number of digits") {
  for (const int64_t table_rows : {1LL, 2LL, 2048LL, 2049LL, 1LL << 20, (1LL << 22) + 1, 1LL << 31}) {
    Random random(static_cast<uint64_t>(table_rows));
    std::vector<int32_t> rows(50'000);
    for (int32_t& row : rows) row = static_cast<int32_t>(random.below(static_cast<uint64_t>(table_rows)));
    rows[7] = static_cast<int32_t>(table_rows - 1);
    const auto ids = static_cast<int64_t>(rows.size());
    std::vector<Triple> expected;
    for (uint32_t i = 0; i < rows.size(); ++i) expected.emplace_back(static_cast<uint32_t>(rows[i]), i, 1.f);
    std::sort(expected.begin(), expected.end());
    const BagGradient part{{torch::tensor(rows, torch::kInt), torch::arange(ids + 1, torch::kLong), {}, 1},
                           {}};
    INFO("table rows " << table_rows);
    CHECK((sorted({part}, BucketSizes::of(table_rows, ids, 0)) == expected));
  }
}

TEST_CASE("more ids and more bytes make smaller buckets, and no row is in two or none") {
  for (const int64_t table_rows : {1LL, 3LL, 1000LL, (1LL << 20) + 5, 1LL << 31}) {
    for (const int64_t ids : {0LL, 1LL << 16, 1LL << 30}) {
      for (const int64_t bytes : {0LL, 1LL << 30}) {
        const BucketSizes sizes = BucketSizes::of(table_rows, ids, bytes);
        CHECK(sizes.count() <= 2048);
        CHECK(sizes.row_begin(0) == 0);
        CHECK(sizes.row_end(sizes.count() - 1) == table_rows);
        for (int64_t k = 1; k < sizes.count(); ++k) CHECK(sizes.row_begin(k) == sizes.row_end(k - 1));
      }
    }
  }
  CHECK(BucketSizes::of(1 << 20, 1 << 20, 0).bits < BucketSizes::of(1 << 20, 1 << 14, 0).bits);
  CHECK(BucketSizes::of(1 << 20, 0, 1 << 26).bits < BucketSizes::of(1 << 20, 0, 0).bits);
}

}  // namespace
}  // namespace esmm::ops::cpu
