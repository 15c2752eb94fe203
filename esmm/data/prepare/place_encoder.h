#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/data/prepare/column_plan.h"
#include "esmm/data/prepare/row_view.h"
#include "esmm/features/field_encoder.h"

namespace esmm::data {

// Makes the keys of the fields of one place, a row at a time.
class PlaceEncoder {
 public:
  PlaceEncoder(const PlacePlan& plan, const Schema& schema);

  // Text that an operand of a crossed field has in a joined table.
  using Joined = std::function<std::string_view(const ValueRef&)>;

  // One bag per field of the place. On false `out` may hold some of them.
  bool append(const RowView& row, const Joined& joined, KeyBags& out, Rejection& rejection);

  // Canonical text of a field's single value.
  bool canonical(int64_t field, const RowView& row, ColumnRef column, std::string& scratch,
                 std::string_view& text, Rejection& rejection) const;

 private:
  bool append_input(const PlacedField& placed, const RowView& row, KeyBags& out, Rejection& rejection);
  bool append_cross(const PlacedField& placed, const RowView& row, const Joined& joined, KeyBags& out,
                    Rejection& rejection);
  bool read_weights(const PlacedField& placed, const RowView& row, std::span<const std::string_view> values,
                    Rejection& rejection);

  const PlacePlan& plan_;
  std::vector<FieldEncoder> encoders_;  // of all fields
  std::vector<std::string_view> split_, split_weights_;
  std::vector<float> weights_;
  std::string why_;
};

}  // namespace esmm::data
