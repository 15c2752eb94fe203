#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "esmm/features/bags.h"
#include "esmm/features/schema.h"

namespace esmm::bench {

inline constexpr int64_t kUserFields = 20, kItemFields = 5, kFields = kUserFields + kItemFields;

// What the batches of a case are like. A field owns table_rows / F rows, which its ids share out by Zipf's
// law and in an order that has nothing to do with it, as hashed keys are.
struct BatchShape {
  std::string name;  // of the case
  int64_t size = 2048;
  int64_t table_rows = int64_t{1} << 20;
  int64_t user_ids = 1, item_ids = 1;  // in each bag of the user's and the item's fields
  int64_t impressions_of_a_user = 1;   // that follow each other and so have equal user bags
  int64_t rows_of_a_field() const { return table_rows / kFields; }
  int64_t ids() const { return kUserFields * user_ids + kItemFields * item_ids; }  // of an impression
};

// F fields of several values, the user's first.
Schema bench_schema();

// Several batches, all different, so that caches hold no more of a table than in training.
std::vector<Batch> draw_batches(const BatchShape& shape, int64_t count);

// Writes the batches for other programs: rows.i32 [count, B, ids of an impression], click.f32 and
// conversion.f32 [count, B], and shape.json, which says all sizes.
void write_batches(const std::filesystem::path& folder, const BatchShape& shape,
                   const std::vector<Batch>& batches);

}  // namespace esmm::bench
