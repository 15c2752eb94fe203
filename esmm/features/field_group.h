#pragma once

#include "esmm/features/schema.h"

#include <cstdint>
#include <vector>

namespace esmm {

// Some of a schema's fields, in its order: those that the bags of one call hold.
struct FieldGroup {
  std::vector<int64_t> fields;   // places in the schema
  std::vector<Pooling> pooling;  // of each
  bool weighted = false;         // some have raw weights

  FieldGroup(const Schema& schema, std::vector<int64_t> places);
  int64_t size() const { return static_cast<int64_t>(fields.size()); }
};

FieldGroup all_fields(const Schema& schema);
// What rank() and a batch with its users apart keep apart: the user's fields, and all others (of the item and
// the context).
FieldGroup user_fields(const Schema& schema);
FieldGroup item_fields(const Schema& schema);

}  // namespace esmm
