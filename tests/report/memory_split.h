#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "esmm/features/schema.h"
#include "tests/support/batch_split.h"

namespace esmm::test {

inline Schema schema_of(const std::vector<std::string>& names) {
  Schema schema;
  for (const std::string& name : names) schema.fields.emplace_back().name = name;
  return schema;
}

// A split in memory of single-valued fields: one table row per impression and field.
inline BatchSplit memory_split(const std::vector<std::vector<int32_t>>& rows) {
  Batch batch;
  batch.size = static_cast<int64_t>(rows.size());
  batch.click.resize(rows.size());
  batch.conversion.resize(rows.size());
  for (const std::vector<int32_t>& impression : rows) {
    for (const int32_t row : impression) {
      batch.bags.push(row);
      batch.bags.close_bag();
    }
  }
  return {schema_of(std::vector<std::string>(rows.empty() ? 0 : rows.front().size(), "field")),
          std::move(batch)};
}

}  // namespace esmm::test
