#include "esmm/features/schema.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "esmm/core/error.h"
#include "esmm/core/nearest.h"
#include "esmm/features/field_encoder.h"

namespace esmm {

NLOHMANN_JSON_SERIALIZE_ENUM(FieldKind, {{FieldKind::categorical, "categorical"},
                                         {FieldKind::multi, "multi"},
                                         {FieldKind::numeric, "numeric"},
                                         {FieldKind::crossed, "crossed"}})
NLOHMANN_JSON_SERIALIZE_ENUM(ValueType, {{ValueType::string, "string"}, {ValueType::integer, "integer"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Pooling, {{Pooling::sum, "sum"}, {Pooling::mean, "mean"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Side, {{Side::user, "user"}, {Side::item, "item"}, {Side::context, "context"}})
NLOHMANN_JSON_SERIALIZE_ENUM(BucketMethod, {{BucketMethod::edges, "edges"},
                                            {BucketMethod::quantiles, "quantiles"},
                                            {BucketMethod::log2, "log2"}})
NLOHMANN_JSON_SERIALIZE_ENUM(VocabularyMode,
                             {{VocabularyMode::exact, "exact"}, {VocabularyMode::hashed, "hashed"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Buckets, method, edges, count, steps)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Field, name, column, kind, type, side, pooling, separator, weights, shares,
                                   cross, buckets)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Schema, fields, mode, hash_bits)

int64_t Schema::index_of(std::string_view name) const {
  std::vector<std::string> names;
  for (int64_t f = 0; f < size(); ++f) {
    if (fields[f].name == name) return f;
    names.push_back(fields[f].name);
  }
  throw Error({.what = "unknown field", .got = std::string(name), .hint = did_you_mean(name, names)});
}

uint64_t Schema::seed_of(int64_t field) const {
  const Field& own = fields.at(static_cast<size_t>(field));
  return static_cast<uint64_t>(feature_key(own.shares.empty() ? own.name : own.shares, 0));
}

std::string schema_to_json(const Schema& schema) { return nlohmann::json(schema).dump(); }

Schema schema_from_json(std::string_view text) {
  try {
    const auto json = nlohmann::json::parse(text);
    auto schema = json.get<Schema>();
    // An unknown enumerator or a surplus key reads as something else: then the text is not what was written.
    if (nlohmann::json(schema) == json) return schema;
    throw Error({.what = "is no schema of this version", .where = "schema"});
  } catch (const nlohmann::json::exception& error) {
    throw Error({.what = "is no schema", .where = "schema", .got = error.what()});
  }
}

}  // namespace esmm
