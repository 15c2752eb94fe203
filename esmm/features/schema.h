#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/features/field.h"

namespace esmm {

enum class VocabularyMode {
  exact,   // table row = place of the key in the sorted vocabulary; V = known keys + F
  hashed,  // table row = key & (2^bits - 1); V = 2^bits
};

// All that is needed to turn raw values into keys. Travels in the data set and in the exported model.
struct Schema {
  std::vector<Field> fields;
  VocabularyMode mode = VocabularyMode::exact;
  int64_t hash_bits = 20;

  int64_t size() const { return static_cast<int64_t>(fields.size()); }
  // Place of a field. Throws Error, naming the nearest field, where there is none.
  int64_t index_of(std::string_view name) const;
  // Seed of a field's keys: XXH3_64(name, 0), the name being that of the field whose rows it shares.
  uint64_t seed_of(int64_t field) const;
};

// JSON text with every member of every field. schema_from_json throws Error on anything that schema_to_json
// would not have written.
std::string schema_to_json(const Schema& schema);
Schema schema_from_json(std::string_view text);

}  // namespace esmm
