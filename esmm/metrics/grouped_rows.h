#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace esmm::metrics {

// Numbers the groups of rows 0, 1, … in order of first sight.
struct Groups {
  std::vector<uint32_t> of_row;
  std::vector<int64_t> keys;  // by number
  std::vector<size_t> rows;   // how many, by number

  explicit Groups(std::span<const int64_t> keys_of_rows);
};

// The rows of each group together, in the order of `order`, by one pass over it: what is sorted once is
// sorted for every group. 4 bytes a row beside those of Groups.
class GroupedRows {
 public:
  GroupedRows(std::span<const uint32_t> order, const Groups& groups);

  std::span<const uint32_t> of(size_t group) const {
    return std::span(rows_).subspan(begins_[group], begins_[group + 1] - begins_[group]);
  }

 private:
  std::vector<size_t> begins_;
  std::vector<uint32_t> rows_;
};

}  // namespace esmm::metrics
