#include "esmm/features/schema.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"

using esmm::Field;
using esmm::Schema;

namespace {

Schema full_schema() {
  Field user;
  user.name = "user";
  user.column = "user_id";
  user.type = esmm::ValueType::integer;
  user.side = esmm::Side::user;
  Field seen;
  seen.name = "seen";
  seen.kind = esmm::FieldKind::multi;
  seen.pooling = esmm::Pooling::sum;
  seen.separator = std::string(" ");
  seen.weights = "seen_weights";
  seen.shares = "user";
  Field price;
  price.name = "price";
  price.kind = esmm::FieldKind::numeric;
  price.side = esmm::Side::item;
  price.buckets = {
      .method = esmm::BucketMethod::quantiles, .edges = {0.1, 1e-300, 12345.678}, .count = 4, .steps = 3};
  Field cross;
  cross.name = "both";
  cross.kind = esmm::FieldKind::crossed;
  cross.cross = {"user", "price"};
  return {.fields = {user, seen, price, cross}, .mode = esmm::VocabularyMode::hashed, .hash_bits = 17};
}

}  // namespace

TEST_CASE("a schema survives JSON with every member") {
  const Schema schema = esmm::schema_from_json(esmm::schema_to_json(full_schema()));
  REQUIRE(schema.size() == 4);
  CHECK(schema.mode == esmm::VocabularyMode::hashed);
  CHECK(schema.hash_bits == 17);
  CHECK(schema.fields[0].column == "user_id");
  CHECK(schema.fields[0].type == esmm::ValueType::integer);
  CHECK(schema.fields[0].side == esmm::Side::user);
  CHECK(schema.fields[1].pooling == esmm::Pooling::sum);
  CHECK(schema.fields[1].separator == " ");
  CHECK(schema.fields[1].weights == "seen_weights");
  CHECK(schema.fields[1].shares == "user");
  CHECK(schema.fields[2].buckets.edges == std::vector<double>{0.1, 1e-300, 12345.678});
  CHECK(schema.fields[2].buckets.count == 4);
  CHECK(schema.fields[2].buckets.steps == 3);
  CHECK(schema.fields[3].cross == std::vector<std::string>{"user", "price"});
  CHECK(esmm::schema_to_json(schema) == esmm::schema_to_json(full_schema()));
}

TEST_CASE("JSON that is no schema is refused") {
  const std::string good = esmm::schema_to_json(full_schema());
  const size_t kind = good.find("\"multi\"");
  REQUIRE(kind != std::string::npos);
  std::string unknown_kind = good;
  unknown_kind[kind + 1] = 'M';
  for (const std::string& text : {std::string("{"), std::string("{}"), std::string("[]"), unknown_kind}) {
    CAPTURE(text);
    CHECK_THROWS_AS(esmm::schema_from_json(text), esmm::Error);
  }
}

TEST_CASE("an unknown field names the nearest") {
  const Schema schema = full_schema();
  CHECK(schema.index_of("price") == 2);
  CHECK_THROWS_WITH(schema.index_of("prise"), Catch::Contains("did you mean \"price\""));
}
