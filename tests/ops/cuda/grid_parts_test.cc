#include "esmm/ops/cuda/grid_parts.h"

#include <catch2/catch.hpp>
#include <vector>

namespace esmm::ops {
namespace {

constexpr uint32_t kTableRows = 50;
constexpr uint32_t kUnset = 77;

// Two impressions of two fields: bags of 0, 2, 1 and 0 ids; room for 5.
const std::vector<int32_t> kRows{49, 0, 7, 3, 3};
const std::vector<int64_t> kOffsets{0, 0, 2, 3, 3};
const std::vector<float> kWeights{0.5f, 0.0f, -2.0f, 9.0f, 9.0f};
const std::vector<int32_t> kImpressions{3, 2};
const std::vector<float> kScale{0.25f, 4.0f};

GridPart part_of(bool weighted, bool shared) {
  return {.rows = kRows.data(),
          .offsets = kOffsets.data(),
          .weights = weighted ? kWeights.data() : nullptr,
          .gradient = kRows.data(),
          .ids = 5,
          .bags = 4,
          .fields = 2,
          .impressions = shared ? kImpressions.data() : nullptr,
          .scale = shared ? kScale.data() : nullptr};
}

struct Items {
  std::vector<uint32_t> rows, entries, bags;
  std::vector<float> weights;

  explicit Items(const GridParts& parts)
      : rows(static_cast<size_t>(parts.ids), kUnset),
        entries(rows),
        bags(rows),
        weights(rows.size(), kUnset) {
    const GridItems items{rows.data(), entries.data(), parts.weighted ? bags.data() : nullptr,
                          parts.weighted ? weights.data() : nullptr, kTableRows};
    parts.each([&](const GridPart& part, int64_t first_id, int64_t first_bag) {
      for (int64_t i = 0; i < part.ids; ++i) make_item(part, items, first_id, first_bag, i);
    });
  }
};

using Numbers = std::vector<uint32_t>;

TEST_CASE("parts lie one behind the other, and items name rows and bags of all") {
  GridParts parts;
  parts.add(part_of(false, false));
  parts.add(part_of(false, true));
  CHECK((parts.ids == 10 && parts.bags == 8 && !parts.weighted && parts.shared));
  const Items items(parts);
  CHECK(items.rows == Numbers{49, 0, 7, 50, 50, 49, 0, 7, 50, 50});  // 50: padding
  CHECK(items.entries == Numbers{1, 1, 2, 0, 0, 5, 5, 6, 0, 0});
  CHECK(items.bags == Numbers(10, kUnset));
}

TEST_CASE("where a part has weights, items name places of the step, which have bag and weight") {
  GridParts parts;
  parts.add(part_of(false, false));
  parts.add(part_of(true, false));
  CHECK(parts.weighted);
  const Items items(parts);
  CHECK(items.rows == Numbers{49, 0, 7, 50, 50, 49, 0, 7, 50, 50});
  CHECK(items.entries == Numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(items.bags == Numbers{1, 1, 2, 0, 0, 5, 5, 6, 0, 0});
  CHECK(items.weights == std::vector<float>{1, 1, 1, 1, 1, 0.5f, 0, -2, 1, 1});
}

TEST_CASE("a bag's share is its impression's own, or that of the user whose row of bags it is in") {
  for (int64_t bag = 0; bag < 4; ++bag) {
    const Share<float> own = share_of_bag(part_of(false, false), bag),
                       user = share_of_bag(part_of(false, true), bag);
    CHECK((own.impressions == 1 && own.scale == 1));
    CHECK((user.impressions == (bag < 2 ? 3 : 2) && user.scale == (bag < 2 ? 0.25f : 4.0f)));
  }
}

TEST_CASE("the gradient of a bag is that of its part, of one to as many parts as there may be") {
  // Part k has k + 1 bags of 2 columns, whose numbers are 10 k + the bag's own.
  std::vector<std::vector<float>> gradients;
  GridParts parts;
  uint32_t bags = 0;
  for (int k = 0; k < kMostGradientParts; ++k) {
    gradients.emplace_back();
    for (int bag = 0; bag <= k; ++bag)
      gradients.back().insert(gradients.back().end(), 2, static_cast<float>(10 * k + bag));
    GridPart part = part_of(false, false);
    part.gradient = gradients.back().data();
    part.bags = k + 1;
    parts.add(part);
    const GridGradient gradient = gradient_of(parts, false);
    uint32_t bag_of_all = 0;
    for (int of_part = 0; of_part <= k; ++of_part) {
      for (int bag = 0; bag <= of_part; ++bag) {
        float sums[1] = {1};
        add_gradient<1>(gradient, 2, bag_of_all++, 2, 1, sums);
        CHECK(sums[0] == static_cast<float>(1 + 2 * (10 * of_part + bag)));
      }
    }
    bags += static_cast<uint32_t>(k + 1);
    CHECK(bag_of_all == bags);
  }
}

}  // namespace
}  // namespace esmm::ops
