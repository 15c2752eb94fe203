#pragma once

#include <string>
#include <utility>

#include "esmm/features/schema.h"

namespace esmm::test {

// Five inputs and a cross: user (text), age (buckets with the edges 0.7, 18 and 30), watched (multi, split by
// spaces, rows of item), tags (multi, a list with weights), item (integer), user x item.
inline Schema serving_schema() {
  Schema schema;
  const auto add = [&](std::string name, FieldKind kind) -> Field& {
    Field& field = schema.fields.emplace_back();
    field.name = std::move(name);
    field.kind = kind;
    return field;
  };
  add("user", FieldKind::categorical);
  Field& age = add("age", FieldKind::numeric);
  age.buckets.method = BucketMethod::edges;
  age.buckets.edges = {0.7, 18, 30};
  Field& watched = add("watched", FieldKind::multi);
  watched.separator = " ";
  watched.shares = "item";
  add("tags", FieldKind::multi).weights = "tag_weights";
  add("item", FieldKind::categorical).type = ValueType::integer;
  add("user_item", FieldKind::crossed).cross = {"user", "item"};
  return schema;
}

}  // namespace esmm::test
