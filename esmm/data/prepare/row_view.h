#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/data/prepare/column_plan.h"
#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {

// Why a line is rejected: a reason that counts well, and what was found.
struct Rejection {
  std::string reason, detail;
};

// One row of a chunk with its derived columns.
class RowView {
 public:
  explicit RowView(const PlacePlan& plan);

  // False: a column that is to have one value has more, or a derived column cannot be computed.
  bool move_to(const RawChunk& chunk, int64_t row, Rejection& rejection);

  std::span<const std::string_view> values(ColumnRef column) const {
    if (column.derived) return {&derived_views_[column.index], 1};
    return chunk_->columns[column.index].row(row_);
  }
  // Whether the column has lists, of any length.
  bool is_list(ColumnRef column) const { return !column.derived && chunk_->columns[column.index].is_list; }
  // The single value; "" where there is none.
  std::string_view text(ColumnRef column) const {
    return column.derived ? derived_views_[column.index] : chunk_->columns[column.index].text(row_);
  }
  const std::string& name(ColumnRef column) const;

 private:
  const PlacePlan& plan_;
  const RawChunk* chunk_ = nullptr;
  int64_t row_ = 0;
  std::vector<std::string> derived_;
  std::vector<std::string_view> derived_views_;
};

}  // namespace esmm::data
