#include "esmm/ops/row_sort.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "esmm/core/random.h"

namespace esmm::ops {
namespace {

std::vector<std::pair<uint32_t, uint32_t>> sorted(const std::vector<int32_t>& rows, int64_t table_rows) {
  const auto n = static_cast<int64_t>(rows.size());
  const auto items = sort_rows(rows.data(), n, table_rows);
  std::vector<std::pair<uint32_t, uint32_t>> result;
  for (int64_t i = 0; i < n; ++i) result.emplace_back(items[i].row, items[i].position);
  return result;
}

TEST_CASE("rows are sorted, equal ones by position") {
  CHECK(sorted({3, 0, 3, 1}, 4) ==
        std::vector<std::pair<uint32_t, uint32_t>>{{0, 1}, {1, 3}, {3, 0}, {3, 2}});
  CHECK(sorted({}, 4).empty());
  CHECK(sorted({0}, 1) == std::vector<std::pair<uint32_t, uint32_t>>{{0, 0}});
}

TEST_CASE("row sort agrees with std::sort for tables of every number of digits") {
  for (const int64_t table_rows : {1LL, 2LL, 2048LL, 2049LL, 1LL << 20, (1LL << 22) + 1, 1LL << 31}) {
    Random random(static_cast<uint64_t>(table_rows));
    std::vector<int32_t> rows(50'000);
    for (int32_t& row : rows) row = static_cast<int32_t>(random.below(static_cast<uint64_t>(table_rows)));
    rows[7] = static_cast<int32_t>(table_rows - 1);
    std::vector<std::pair<uint32_t, uint32_t>> expected;
    for (uint32_t i = 0; i < rows.size(); ++i) expected.emplace_back(static_cast<uint32_t>(rows[i]), i);
    std::sort(expected.begin(), expected.end());
    INFO("table rows " << table_rows);
    CHECK(sorted(rows, table_rows) == expected);
  }
}

}  // namespace
}  // namespace esmm::ops
