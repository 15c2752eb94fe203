#pragma once

#include "esmm/features/bags.h"
#include "esmm/features/schema.h"

#include <cstdint>
#include <span>

namespace esmm::exporting {

// B impressions of a model's input space: bags of none to three ids for multi-valued fields, known and
// unknown keys, weights of either sign and 0. vocabulary: sorted keys, empty in hashed mode.
KeyBags sample_keys(const Schema& schema, std::span<const int64_t> vocabulary, int64_t size, uint64_t seed);

// Keys that lead to these rows: row r < K is that of a known key, others that of an unknown one. In hashed
// mode a row is a key.
KeyBags keys_of(const RowBags& rows, const Schema& schema, std::span<const int64_t> vocabulary);

}  // namespace esmm::exporting
