#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "esmm/ops/cuda/grid_bags.h"
#include "esmm/ops/cuda/grid_parts.h"
#include "esmm/ops/cuda/grid_threads.h"
#include "esmm/ops/cuda/grid_update.h"
#include "tests/ops/bag_cases.h"
#include "tests/ops/cuda/grid_case.h"
#include "tests/ops/cuda/sparse_memory.h"

// What the GPU's threads run, on arrays of more than 2^32 numbers: a place worked out in 32 bits would be
// another one, which holds zeros.
namespace esmm::ops {
namespace {

using test::has_address_space;
using test::SparseMemory;

constexpr int64_t D = 16, kFar = (int64_t{1} << 28) + 2;  // kFar * D = 2^32 + 32
static_assert(static_cast<uint32_t>(kFar * D) == 2 * D);

// More than any test here takes.
constexpr int64_t kAddressSpace = int64_t{96} << 30;

bool all_are(const float* numbers, float value) {
  return std::all_of(numbers, numbers + D, [=](float number) { return number == value; });
}

void fill(float* numbers, float value) { std::fill_n(numbers, D, value); }

TEST_CASE("a look-up finds rows and bags beyond 2^32 numbers") {
  if (!has_address_space(kAddressSpace)) return;
  const SparseMemory<float> table((kFar + 1) * D), out((kFar + 1) * D);
  const SparseMemory<int64_t> offsets(kFar + 2);  // all bags are empty but the last
  offsets[kFar + 1] = 2;
  const std::vector<int32_t> rows{static_cast<int32_t>(kFar), 1};
  fill(&table[kFar * D], 3);
  fill(&table[D], 0.5);
  fill(&out[kFar * D], 9);
  const GridBags<float, float> bags{table.data(), D, rows.data(), offsets.data(), nullptr, out.data()};
  const int lanes = lanes_for(D, 4);
  const uint32_t blocks = blocks_for(kFar + 1, lanes);
  for (uint32_t block = blocks - 2; block < blocks; ++block) {
    for (uint32_t thread = 0; thread < kBlockThreads; ++thread)
      sum_bags_of_thread<4>(bags, kFar + 1, thread_index(block, thread), lanes);
  }
  CHECK(all_are(&out[kFar * D], 3.5));
  CHECK(all_are(&out[2 * D], 0));
}

// A table of kFar + 1 rows after an update by one id that names the last, from the last of as many bags.
template <class Rule>
void check_far_row(const Rule&, const UpdateOptions& options) {
  const SparseMemory<float> table((kFar + 1) * D), m((kFar + 1) * D), v((kFar + 1) * D),
      of_rows((kFar + 1) * 2), gradient((kFar + 1) * D);
  const SparseMemory<uint8_t> touched(kFar + 1);
  fill(&table[kFar * D], 3);
  fill(&gradient[kFar * D], 2);
  std::vector<float> sums(2 * D);
  const std::vector<uint32_t> row{static_cast<uint32_t>(kFar)}, entry = row;
  const GridStep<Rule> step(options);
  GridUpdate<Rule, float> grid{
      .step = &step,
      .table = table.data(),
      .dimension = D,
      .elements = {m.data(), v.data()},
      .row_state = of_rows.data(),
      .touched = touched.data(),
      .ids = {{row.data(), 1, static_cast<uint32_t>(kFar + 1)}, entry.data(), nullptr, nullptr},
      .gradient = {},
      .sums = sums.data(),
      .shares = nullptr,
      .piece_shares = nullptr};
  grid.gradient.parts[0] = gradient.data();
  grid.gradient.count = 1;
  update_piece<4>(grid, test::OneLane(), 0);
  CHECK(table[kFar * D] < 3);
  CHECK(all_are(&table[kFar * D], table[kFar * D]));
  for (const SparseMemory<float>* elements : {&table, &m, &v}) CHECK(all_are(&(*elements)[2 * D], 0));
  if (Rule::kElementState > 0) CHECK(m[kFar * D] > 0);
  if (Rule::kElementState > 1) CHECK(v[kFar * D + D - 1] > 0);
  if (Rule::kRowState > 0) CHECK(of_rows[kFar * Rule::kRowState] > 0);
  if constexpr (Rule::kMovesAll) {
    CHECK(touched[kFar] == 1);
    const float before = table[kFar * D];
    update_rest<4>(grid, test::OneLane(), kFar);
    CHECK(table[kFar * D] == before);
    touched[kFar] = 0;
    update_rest<4>(grid, test::OneLane(), kFar);
    CHECK(table[kFar * D] < before);
  }
}

TEST_CASE("an update moves a row beyond 2^32 numbers, with the gradient of a bag beyond as many") {
  if (!has_address_space(kAddressSpace)) return;
  const UpdateOptions options{.learning_rate = 0.1, .epsilon = 1e-4};
  for (const UpdateRule name : test::kRules)
    with_element_rule<float>(name, options, [&](const auto& rule) { check_far_row(rule, options); });
}

// 2^31 - 1 sorted ids, all of row 0 but the last 150, of row 5.
TEST_CASE("pieces of 2^31 ids leave their sums beyond 2^32 numbers, and are summed from there") {
  if (!has_address_space(kAddressSpace)) return;
  constexpr int64_t kIds = INT32_MAX, kOfLast = 150, kWide = 64;
  static_assert(2 * (kIds / kTilePlaces) * kWide > int64_t{UINT32_MAX} - 256);
  const SparseMemory<uint32_t> rows(kIds), entries(kIds);
  const SparseMemory<float> sums(2 * tiles_of(kIds) * kWide);
  for (int64_t i = kIds - kOfLast; i < kIds; ++i) {
    rows[i] = 5;
    entries[i] = 1;
  }
  std::vector<float> gradient(2 * kWide, 1), table(6 * kWide);
  std::fill_n(gradient.begin(), kWide, 100.0f);  // of bag 0, which row 0's ids are in
  const UpdateOptions options{.learning_rate = 1};
  with_element_rule<float>(UpdateRule::sgd, options, [&](const auto& rule) {
    using Rule = std::decay_t<decltype(rule)>;
    const GridStep<Rule> step(options);
    GridUpdate<Rule, float> grid{.step = &step,
                                 .table = table.data(),
                                 .dimension = kWide,
                                 .elements = {},
                                 .row_state = nullptr,
                                 .touched = nullptr,
                                 .ids = {{rows.data(), kIds, 6}, entries.data(), nullptr, nullptr},
                                 .gradient = {},
                                 .sums = sums.data(),
                                 .shares = nullptr,
                                 .piece_shares = nullptr};
    grid.gradient.parts[0] = gradient.data();
    grid.gradient.count = 1;
    const int64_t tile = (kIds - kOfLast) / kTilePlaces;
    for (int64_t place = tile * kTilePlaces; place < kIds; ++place)
      update_piece<4>(grid, test::OneLane(), place);
    for (int64_t k = tile; k < tiles_of(kIds); ++k) update_split_run<4>(grid, test::OneLane(), k);
  });
  CHECK(table[5 * kWide] == -static_cast<float>(kOfLast));
  CHECK(table[6 * kWide - 1] == -static_cast<float>(kOfLast));
  CHECK(table[0] == 0);
}

TEST_CASE("the items of 2^31 ids lie behind those of the parts before") {
  if (!has_address_space(kAddressSpace)) return;
  constexpr int64_t kBefore = 1000, kIds = INT32_MAX - kBefore, kLast = kIds - 1;
  const SparseMemory<int32_t> rows(kIds);
  const SparseMemory<uint32_t> of_items(INT32_MAX), entries(INT32_MAX), bags(INT32_MAX);
  const SparseMemory<float> weights(INT32_MAX);
  const std::vector<int64_t> offsets{0, 3, kIds};
  rows[kLast] = INT32_MAX - 1;
  const GridPart part{.rows = rows.data(),
                      .offsets = offsets.data(),
                      .weights = nullptr,
                      .gradient = nullptr,
                      .ids = kIds,
                      .bags = 2,
                      .fields = 1,
                      .impressions = nullptr,
                      .scale = nullptr};
  const GridItems items{of_items.data(), entries.data(), bags.data(), weights.data(), INT32_MAX};
  make_item(part, items, kBefore, INT32_MAX - 2, kLast);
  CHECK(of_items[INT32_MAX - 1] == INT32_MAX - 1);
  CHECK(entries[INT32_MAX - 1] == INT32_MAX - 1);
  CHECK(bags[INT32_MAX - 1] == INT32_MAX - 1);
  CHECK(weights[INT32_MAX - 1] == 1);
}

}  // namespace
}  // namespace esmm::ops
