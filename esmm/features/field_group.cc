#include "esmm/features/field_group.h"

#include <utility>

namespace esmm {
namespace {

template <class Wanted>
FieldGroup select(const Schema& schema, const Wanted& wanted) {
  std::vector<int64_t> places;
  for (int64_t f = 0; f < schema.size(); ++f) {
    if (wanted(schema.fields[f])) places.push_back(f);
  }
  return {schema, std::move(places)};
}

}  // namespace

FieldGroup::FieldGroup(const Schema& schema, std::vector<int64_t> places) : fields(std::move(places)) {
  for (const int64_t field : fields) {
    pooling.push_back(schema.fields[field].pooling);
    weighted = weighted || !schema.fields[field].weights.empty();
  }
}

FieldGroup all_fields(const Schema& schema) {
  return select(schema, [](const Field&) { return true; });
}

FieldGroup user_fields(const Schema& schema) {
  return select(schema, [](const Field& field) { return field.side == Side::user; });
}

FieldGroup item_fields(const Schema& schema) {
  return select(schema, [](const Field& field) { return field.side != Side::user; });
}

}  // namespace esmm
