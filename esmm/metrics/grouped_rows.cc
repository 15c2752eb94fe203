#include "esmm/metrics/grouped_rows.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include "esmm/metrics/checks.h"

namespace esmm::metrics {

Groups::Groups(std::span<const int64_t> keys_of_rows) {
  check_row_count(keys_of_rows.size());
  boost::unordered_flat_map<int64_t, uint32_t> numbers;
  of_row.reserve(keys_of_rows.size());
  for (size_t i = 0; i < keys_of_rows.size(); ++i) {
    const int64_t key = keys_of_rows[i];
    // Logs come grouped by user, so that most rows need no look-up.
    const uint32_t number = i > 0 && key == keys_of_rows[i - 1]
                                ? of_row.back()
                                : numbers.try_emplace(key, static_cast<uint32_t>(keys.size())).first->second;
    if (number == keys.size()) {
      keys.push_back(key);
      rows.push_back(0);
    }
    ++rows[number];
    of_row.push_back(number);
  }
}

GroupedRows::GroupedRows(std::span<const uint32_t> order, const Groups& groups)
    : begins_(groups.rows.size() + 1), rows_(order.size()) {
  check_same_size(order.size(), groups.of_row.size());
  for (size_t g = 0; g < groups.rows.size(); ++g) begins_[g + 1] = begins_[g] + groups.rows[g];
  std::vector<size_t> next = begins_;
  for (const uint32_t row : order) rows_[next[groups.of_row[row]]++] = row;
}

}  // namespace esmm::metrics
