#include "apps/bench/train_batches.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "esmm/core/file.h"
#include "esmm/core/random.h"
#include "esmm/data/generate/generate_zipf.h"

namespace esmm::bench {
namespace {

constexpr double kExponent = 1.0;
constexpr double kCtr = 0.2, kCvr = 0.1;

// The table rows of a field, from its most to its least frequent.
std::vector<int32_t> rows_by_frequency(int64_t first, int64_t count, Random& random) {
  std::vector<int32_t> rows(static_cast<size_t>(count));
  std::iota(rows.begin(), rows.end(), static_cast<int32_t>(first));
  for (size_t i = rows.size() - 1; i > 0; --i) std::swap(rows[i], rows[random.below(i + 1)]);
  return rows;
}

template <class T>
void append(std::string& bytes, const std::vector<T>& values) {
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

}  // namespace

Schema bench_schema() {
  Schema schema;
  for (int64_t f = 0; f < kFields; ++f) {
    Field& field = schema.fields.emplace_back();
    field.name = "field_" + std::to_string(f);
    field.kind = FieldKind::multi;
    field.side = f < kUserFields ? Side::user : Side::item;
    field.pooling = Pooling::sum;
  }
  return schema;
}

std::vector<Batch> draw_batches(const BatchShape& shape, int64_t count) {
  Random random(20180423);
  const int64_t field_rows = shape.rows_of_a_field();
  const data::Zipf zipf(field_rows, kExponent);
  std::vector<std::vector<int32_t>> rows;
  for (int64_t f = 0; f < kFields; ++f) rows.push_back(rows_by_frequency(f * field_rows, field_rows, random));

  std::vector<Batch> batches(static_cast<size_t>(count));
  for (Batch& batch : batches) {
    batch.size = shape.size;
    const auto draw = [&](int64_t field, int64_t ids) {
      for (int64_t i = 0; i < ids; ++i) {
        batch.bags.push(rows[static_cast<size_t>(field)][static_cast<size_t>(zipf.draw(random))]);
      }
    };
    for (int64_t b = 0; b < shape.size; ++b) {
      const bool same_user = b % shape.impressions_of_a_user != 0;
      for (int64_t f = 0; f < kFields; ++f) {
        const int64_t ids = f < kUserFields ? shape.user_ids : shape.item_ids;
        if (same_user && f < kUserFields) {
          const size_t before = batch.bags.ids.size() - static_cast<size_t>(shape.ids());
          for (int64_t i = 0; i < ids; ++i) batch.bags.push(batch.bags.ids[before + static_cast<size_t>(i)]);
        } else {
          draw(f, ids);
        }
        batch.bags.close_bag();
      }
      const bool click = random.uniform() < kCtr;
      batch.click.push_back(click ? 1.0F : 0.0F);
      batch.conversion.push_back(click && random.uniform() < kCvr ? 1.0F : 0.0F);
    }
  }
  return batches;
}

void write_batches(const std::filesystem::path& folder, const BatchShape& shape,
                   const std::vector<Batch>& batches) {
  std::string rows, click, conversion;
  for (const Batch& batch : batches) {
    append(rows, batch.bags.ids);
    append(click, batch.click);
    append(conversion, batch.conversion);
  }
  write_file(folder / "rows.i32", rows);
  write_file(folder / "click.f32", click);
  write_file(folder / "conversion.f32", conversion);
  const nlohmann::ordered_json sizes = {{"case", shape.name},
                                        {"batches", batches.size()},
                                        {"batch_size", shape.size},
                                        {"table_rows", shape.table_rows},
                                        {"user_fields", kUserFields},
                                        {"item_fields", kItemFields},
                                        {"user_ids", shape.user_ids},
                                        {"item_ids", shape.item_ids},
                                        {"impressions_of_a_user", shape.impressions_of_a_user}};
  write_file(folder / "shape.json", sizes.dump(2) + "\n");
}

}  // namespace esmm::bench
