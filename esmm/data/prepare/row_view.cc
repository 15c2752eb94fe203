#include "esmm/data/prepare/row_view.h"

#include <utility>

#include <fmt/format.h>

#include "esmm/data/prepare/derived_column.h"

namespace esmm::data {

RowView::RowView(const PlacePlan& plan)
    : plan_(plan), derived_(plan.derived.size()), derived_views_(plan.derived.size()) {}

bool RowView::move_to(const RawChunk& chunk, int64_t row, Rejection& rejection) {
  chunk_ = &chunk;
  row_ = row;
  for (const size_t column : plan_.single) {
    const size_t found = chunk.columns[column].row(row).size();
    if (found <= 1) continue;
    rejection = {fmt::format("more than one value in column {}", plan_.raw[column]),
                 fmt::format("got {}", found)};
    return false;
  }
  for (size_t i = 0; i < plan_.derived.size(); ++i) {
    const DerivedColumn& column = plan_.derived[i];
    const std::string_view input = text(column.input);
    if (!derive(column.config, input, derived_[i])) {
      auto [reason, expected] = refusal_of(column.config, name(column.input));
      rejection = {std::move(reason), fmt::format("expected {}, got '{}'", expected, input)};
      return false;
    }
    derived_views_[i] = derived_[i];
  }
  return true;
}

const std::string& RowView::name(ColumnRef column) const {
  return column.derived ? plan_.derived[column.index].config.name : plan_.raw[column.index];
}

}  // namespace esmm::data
