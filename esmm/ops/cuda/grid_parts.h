#pragma once

#include <cstdint>

#include "esmm/ops/cuda/grid_gradient.h"
#include "esmm/ops/cuda/row_pieces.h"
#include "esmm/ops/row_shares.h"

// The parts of a step's gradient as the GPU's update gets them, and what one of its threads makes of an id
// and of a bag before the ids are sorted by row.
namespace esmm::ops {

// A part (BagGradient) on pointers.
struct GridPart {
  const int32_t* rows;  // [ids]; only the first offsets[bags] count
  const int64_t* offsets;
  const float* weights;  // null: all 1
  const void* gradient;  // [bags, D]
  int64_t ids, bags, fields;
  const int32_t* impressions;  // [bags / fields], and
  const float* scale;          // [bags / fields], of SharedBags; null: none
};

// All parts, one behind the other: so are their ids and bags counted.
struct GridParts {
  GridPart parts[kMostGradientParts] = {};
  int count = 0;
  int64_t ids = 0, bags = 0;  // of all; fewer than 2^31
  bool weighted = false;      // whether any part is
  bool shared = false;        // and has SharedBags

  void add(const GridPart& part) {
    parts[count++] = part;
    ids += part.ids;
    bags += part.bags;
    weighted = weighted || part.weights != nullptr;
    shared = shared || part.scale != nullptr;
  }

  // visit(part, its first id, its first bag)
  template <class Visit>
  void each(const Visit& visit) const {
    int64_t first_id = 0, first_bag = 0;
    for (int k = 0; k < count; ++k) {
      visit(parts[k], first_id, first_bag);
      first_id += parts[k].ids;
      first_bag += parts[k].bags;
    }
  }
};

inline GridGradient gradient_of(const GridParts& parts, bool bfloat16) {
  GridGradient gradient{};
  gradient.bfloat16 = bfloat16;
  parts.each([&](const GridPart& part, int64_t, int64_t first_bag) {
    gradient.parts[gradient.count] = part.gradient;
    gradient.first_bag[gradient.count++] = static_cast<uint32_t>(first_bag);
  });
  return gradient;
}

// What is sorted: an item for each id of all parts. entries as GridIds (grid_update.h) has them.
struct GridItems {
  uint32_t *rows, *entries;  // [N]
  uint32_t* bags;            // [N]; null: no part has weights
  float* weights;            // [N]
  uint32_t table_rows;
};

// The item of id i of a part. Places behind the part's last id become padding, which sorts to the end.
ESMM_HOST_DEVICE void make_item(const GridPart& part, const GridItems& items, int64_t first_id,
                                int64_t first_bag, int64_t i) {
  const int64_t at = first_id + i;
  const bool padding = i >= part.offsets[part.bags];
  const auto bag = padding ? 0 : static_cast<uint32_t>(first_bag + bag_of_place(part.offsets, part.bags, i));
  items.rows[at] = padding ? items.table_rows : static_cast<uint32_t>(part.rows[i]);
  if (items.bags == nullptr) {
    items.entries[at] = bag;
    return;
  }
  items.entries[at] = static_cast<uint32_t>(at);
  items.bags[at] = bag;
  items.weights[at] = padding || part.weights == nullptr ? 1.0f : part.weights[i];
}

// Of a bag of a part.
ESMM_HOST_DEVICE Share<float> share_of_bag(const GridPart& part, int64_t bag) {
  if (part.scale == nullptr) return {};
  const int64_t b = bag / part.fields;
  return {static_cast<uint32_t>(part.impressions[b]), part.scale[b]};
}

}  // namespace esmm::ops
