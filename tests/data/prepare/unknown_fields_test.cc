#include "esmm/data/prepare/unknown_fields.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "esmm/features/field_encoder.h"

using esmm::KeyBags;
using esmm::Schema;
using esmm::Vocabulary;
using esmm::data::UnknownFields;
using Texts = std::vector<std::string>;

namespace {

Schema small_schema() {
  Schema schema;
  schema.fields.resize(4);
  schema.fields[0].name = "user";
  schema.fields[1].name = "seen";
  schema.fields[1].kind = esmm::FieldKind::multi;
  schema.fields[1].separator = "|";
  schema.fields[2].name = "city";
  schema.fields[3].name = "user_city";
  schema.fields[3].kind = esmm::FieldKind::crossed;
  schema.fields[3].cross = {"user", "city"};
  return schema;
}

// Knows user u1 and seen 1.
struct SmallModel {
  Schema schema = small_schema();
  Vocabulary vocabulary{keys({{0, "u1"}, {1, "1"}}), 4};

  std::vector<int64_t> keys(const std::vector<std::pair<int64_t, const char*>>& values) const {
    std::vector<int64_t> sorted;
    for (const auto& [field, text] : values) sorted.push_back(esmm::feature_key(text, schema.seed_of(field)));
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }
  void append(const char* user, const Texts& seen, const char* city, KeyBags& out) const {
    const auto push = [&](const std::string& text, int64_t field) {
      out.push(esmm::feature_key(text, schema.seed_of(field)));
    };
    push(user, 0);
    out.close_bag();
    for (const std::string& text : seen) push(text, 1);
    out.close_bag();
    push(city, 2);
    out.close_bag();
    push("a cross", 3);
    out.close_bag();
  }
};

}  // namespace

TEST_CASE("a field none of whose values is known is told, over all that was added") {
  const SmallModel model;
  UnknownFields unknown(model.schema, model.vocabulary);
  KeyBags first, second;
  model.append("u1", {"1 2"}, "", first);
  model.append("u9", {"3", "4"}, "", second);
  unknown.add(first);
  unknown.add(second);
  CHECK(unknown.warnings() == Texts{"the model knows none of the 3 values of field seen: are they parted by "
                                    "\"|\" and written as those of the training?"});
}

TEST_CASE("missing values and hashed keys are never unknown") {
  const SmallModel model;
  KeyBags keys;
  model.append("", {}, "", keys);
  UnknownFields missing(model.schema, model.vocabulary);
  missing.add(keys);
  CHECK(missing.warnings().empty());
  model.append("u9", {"9"}, "Rom", keys);
  const Vocabulary hashed = Vocabulary::hashed(4, 4);
  UnknownFields never(model.schema, hashed);
  never.add(keys);
  CHECK(never.warnings().empty());
  UnknownFields unknown(model.schema, model.vocabulary);
  unknown.add(keys);
  CHECK(unknown.warnings().size() == 3);
}
