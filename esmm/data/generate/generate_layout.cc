#include "esmm/data/generate/generate_layout.h"

#include <algorithm>
#include <cmath>

namespace esmm::data {

GeneratedLayout::GeneratedLayout(int64_t users, int64_t items) {
  constexpr std::array<int64_t, 8> kProfileValues = {97, 14, 3, 7, 4, 4, 3, 5};
  int64_t next_id = 1;
  const auto place = [&](GeneratedField& field, int64_t values) {
    field.first_id = next_id;
    field.values = values;
    next_id += values;
  };
  place(user, users);
  for (size_t i = 0; i < profile.size(); ++i) place(profile[i], kProfileValues[i]);
  place(item, items);
  place(category, std::max<int64_t>(8, std::llround(std::sqrt(static_cast<double>(items)))));
  place(shop, std::max<int64_t>(8, items / 10));
  place(brand, std::max<int64_t>(8, items / 15));
  place(intention, 3 * category.values);
  place(position, 3);
  place(user_category, category.values);
  place(user_shop, shop.values);
  place(user_brand, brand.values);
  place(user_intention, intention.values);
}

}  // namespace esmm::data
