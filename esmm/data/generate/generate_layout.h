#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace esmm::data {

// A field of Ali-CCP and the first of its feature ids.
struct GeneratedField {
  std::string_view name;
  int64_t first_id = 0;
  int64_t values = 0;
};

// Ali-CCP's fields with ranges of feature ids that do not overlap, as in the public data. The histories
// 109_14, 110_14, 127_14 and 150_14 have the ids of 206, 207, 216 and 210, so that they may share their rows.
struct GeneratedLayout {
  GeneratedLayout(int64_t users, int64_t items);

  GeneratedField user{"101"};
  std::array<GeneratedField, 8> profile{
      {{"121"}, {"122"}, {"124"}, {"125"}, {"126"}, {"127"}, {"128"}, {"129"}}};
  GeneratedField item{"205"}, category{"206"}, shop{"207"}, intention{"210"}, brand{"216"}, position{"301"};
  // What the user's history holds of this item's category, shop, brand and intentions.
  GeneratedField user_category{"508"}, user_shop{"509"}, user_brand{"702"}, user_intention{"853"};
};

}  // namespace esmm::data
