#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace esmm::metrics {

// Rows in the order of their scores, lowest first; rows of equal score stay in their order. O(n).
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

// Throw Error: a score that is not a number, a label that is neither 0 nor 1, a mass that is negative or not
// finite. row: from 0.
[[noreturn]] void throw_score_is_nan(size_t row);
[[noreturn]] void throw_label_is_neither(size_t row, double label);
[[noreturn]] void throw_bad_mass(size_t row, double mass);
// Throws Error where there are 2^32 rows or more.
void check_row_count(size_t rows);
// Throws InternalError where two inputs differ in length.
void check_same_size(size_t scores, size_t others);

}  // namespace esmm::metrics
