#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace esmm::metrics {

// Rows in the order of their scores, lowest first; rows of equal score stay in their order. O(n).
// Needs 4 bytes a row, and while it sorts 16 more (double: 32).
// Throws Error on NaN, or where there are 2^32 rows or more.
std::vector<uint32_t> sorted_rows(std::span<const float> scores);
std::vector<uint32_t> sorted_rows(std::span<const double> scores);

// Where the run of equal scores that begins at order[begin] ends.
template <typename Score>
size_t end_of_ties(std::span<const uint32_t> order, std::span<const Score> scores, size_t begin) {
  const Score score = scores[order[begin]];
  size_t end = begin + 1;
  while (end < order.size() && scores[order[end]] == score) ++end;
  return end;
}

}  // namespace esmm::metrics
