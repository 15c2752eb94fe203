#pragma once

#include <cstdint>
#include <memory>

namespace esmm::ops {

// A row id and its place among the ids of a batch.
struct RowAt {
  uint32_t row;
  uint32_t position;
};

// rows [n], each in [0, table_rows), by row and then by position: a stable radix sort, lowest digit first,
// with only as many digits as table_rows needs. O(n), in parallel; the result does not depend on the number
// of threads.
std::unique_ptr<RowAt[]> sort_rows(const int32_t* rows, int64_t n, int64_t table_rows);

}  // namespace esmm::ops
