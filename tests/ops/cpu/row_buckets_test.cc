#include "esmm/ops/cpu/row_buckets.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <tuple>
#include <vector>

#include "esmm/core/random.h"
#include "tests/ops/bag_cases.h"
#include "tests/support/torch_threads.h"

namespace esmm::ops::cpu {
namespace {

using Triple = std::tuple<uint32_t, uint32_t, float>;  // row, bag, weight

// The ids of each bucket in turn.
std::vector<Triple> in_buckets(const TableGradient& parts, const BucketSizes& sizes) {
  const auto buckets = into_buckets<WeightedItem<float>>(parts, sizes);
  std::vector<Triple> all;
  for (int64_t bucket = 0; bucket < sizes.count(); ++bucket) {
    const auto* items = buckets.begin(bucket);
    for (int64_t i = 0; i < buckets.size(bucket); ++i) {
      CHECK(items[i].row >= sizes.row_begin(bucket));
      CHECK(items[i].row < sizes.row_end(bucket));
      all.emplace_back(items[i].row, items[i].bag, items[i].weight);
    }
  }
  return all;
}

TEST_CASE("a bucket's ids come in the order of the batch and its parts, each with its bag and weight") {
  const torch::Tensor rows = torch::tensor({3, 0, 3, 1}, torch::kInt);
  const BagGradient first{
      {rows, torch::tensor({0, 1, 1, 4}, torch::kLong), torch::tensor({.5f, 1.f, 2.f, 3.f}), 1}, {}};
  const BagGradient second{
      {torch::tensor({1, 3}, torch::kInt), torch::tensor({0, 0, 2}, torch::kLong), {}, 2}, {}};
  const Triple a{3, 0, .5f}, b{0, 2, 1.f}, c{3, 2, 2.f}, d{1, 2, 3.f}, e{1, 4, 1.f}, f{3, 4, 1.f};
  const TableGradient parts{first, second};
  CHECK((in_buckets(parts, {.table_rows = 4, .bits = 2}) == std::vector{a, b, c, d, e, f}));
  CHECK((in_buckets(parts, {.table_rows = 4, .bits = 1}) == std::vector{b, d, e, a, c, f}));
  CHECK((in_buckets(parts, {.table_rows = 4, .bits = 0}) == std::vector{b, d, e, a, c, f}));
  CHECK(in_buckets({}, {.table_rows = 4, .bits = 1}).empty());
}

TEST_CASE("buckets agree with std::stable_sort, on any number of threads") {
  for (const int64_t table_rows : {1LL, 2LL, 2048LL, 2049LL, 1LL << 20, (1LL << 22) + 1, 1LL << 31}) {
    Random random(static_cast<uint64_t>(table_rows));
    std::vector<int32_t> rows(50'000);
    for (int32_t& row : rows) row = static_cast<int32_t>(random.below(static_cast<uint64_t>(table_rows)));
    rows[7] = static_cast<int32_t>(table_rows - 1);
    const auto ids = static_cast<int64_t>(rows.size());
    const BagGradient part{{torch::tensor(rows, torch::kInt), torch::arange(ids + 1, torch::kLong), {}, 1},
                           {}};
    for (const int threads : {1, 3}) {
      const test::TorchThreads of_these(threads);
      const BucketSizes sizes = BucketSizes::of(table_rows, 64);
      std::vector<Triple> expected;
      for (uint32_t i = 0; i < rows.size(); ++i)
        expected.emplace_back(static_cast<uint32_t>(rows[i]), i, 1.f);
      std::stable_sort(expected.begin(), expected.end(), [&](const Triple& a, const Triple& b) {
        return std::get<0>(a) >> sizes.bits < std::get<0>(b) >> sizes.bits;
      });
      INFO("table rows " << table_rows);
      CHECK((in_buckets({part}, sizes) == expected));
    }
  }
}

TEST_CASE("a bucket's rows fit a cache, where buckets are not too many, and no row is in two or none") {
  const test::TorchThreads two(2);  // more have smaller buckets, so that each has some
  for (const int64_t table_rows : {1LL, 3LL, 1000LL, (1LL << 20) + 5, 1LL << 31}) {
    for (const int64_t bytes : {4LL, 64LL, 1LL << 30}) {
      const BucketSizes sizes = BucketSizes::of(table_rows, bytes);
      CHECK(sizes.count() <= 4096);
      CHECK(sizes.row_begin(0) == 0);
      CHECK(sizes.row_end(sizes.count() - 1) == table_rows);
      for (int64_t k = 1; k < sizes.count(); ++k) CHECK(sizes.row_begin(k) == sizes.row_end(k - 1));
    }
  }
  CHECK(BucketSizes::of(1 << 20, 64).rows() == 4096);
  CHECK(BucketSizes::of(1 << 20, 512).rows() == 512);
  CHECK(BucketSizes::of(1 << 26, 64).rows() == 16'384);
  CHECK(BucketSizes::of(64, 64).count() > 1);  // small tables are for all threads, too
}

}  // namespace
}  // namespace esmm::ops::cpu
