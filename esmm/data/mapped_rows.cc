#include "esmm/data/mapped_rows.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include <arrow/array.h>
#include <arrow/type_traits.h>

#include "esmm/core/error.h"
#include "esmm/core/random.h"
#include "esmm/features/field_encoder.h"

namespace esmm::data {
namespace {

template <class T>
uint64_t hash_of(const T* values, int64_t size, uint64_t seed) {
  const std::string_view bytes(reinterpret_cast<const char*>(values), static_cast<size_t>(size) * sizeof(T));
  return static_cast<uint64_t>(feature_key(bytes, seed));
}

template <class T>
bool same(const T* a, const T* b, int64_t size) {
  return a == b || std::memcmp(a, b, static_cast<size_t>(size) * sizeof(T)) == 0;
}

}  // namespace

MappedRows::MappedRows(std::vector<std::shared_ptr<arrow::RecordBatch>> batches, const Schema& schema,
                       const std::vector<int64_t>& fields, int first, std::string file)
    : file_(std::move(file)),
      batches_(std::move(batches)),
      fields_(fields.size()),
      views_(fields_ * batches_.size()) {
  for (size_t b = 0; b < batches_.size(); ++b) {
    const arrow::RecordBatch& batch = *batches_[b];
    for (const auto& column : batch.columns()) {
      if (column->null_count() != 0) throw_damaged();
    }
    starts_.push_back(starts_.back() + batch.num_rows());
    while (static_cast<int64_t>(batch_of_block_.size()) << kBlockBits < starts_.back()) {
      batch_of_block_.push_back(static_cast<int64_t>(b));
    }
    int place = first;
    for (size_t i = 0; i < fields_; ++i) {
      const Field& field = schema.fields[fields[i]];
      views_[i * batches_.size() + b] = view_of(batch, field, place);
      place += field.weights.empty() ? 1 : 2;
    }
  }
}

MappedRows::View MappedRows::view_of(const arrow::RecordBatch& batch, const Field& field, int place) const {
  const arrow::Array& column = *batch.column(place);
  if (field.kind != FieldKind::multi) {
    return {.ids = static_cast<const arrow::Int32Array&>(column).raw_values(), .values = column.length()};
  }
  const auto& list = static_cast<const arrow::ListArray&>(column);
  View view{.ids = static_cast<const arrow::Int32Array&>(*list.values()).raw_values(),
            .offsets = list.raw_value_offsets(),
            .values = list.values()->length()};
  if (list.values()->null_count() != 0) throw_damaged();
  if (field.weights.empty()) return view;
  const auto& weights = static_cast<const arrow::ListArray&>(*batch.column(place + 1));
  if (weights.values()->null_count() != 0 || weights.values()->length() != view.values) throw_damaged();
  view.weights = static_cast<const arrow::FloatArray&>(*weights.values()).raw_values();
  view.weight_offsets = weights.raw_value_offsets();
  return view;
}

void MappedRows::find_bags(std::span<const Place> places, size_t field, StoredBag* bags,
                           size_t stride) const {
  constexpr size_t kAhead = 32;  // bounds lie as far apart as impressions: ask for them before they are used
  for (size_t i = 0; i < places.size(); ++i) {
    if (i + kAhead < places.size()) fetch_bounds(places[i + kAhead], field);
    *bags = bag(places[i], field);
    bags += stride;
  }
}

void MappedRows::fetch_bounds(Place place, size_t field) const {
  const View& column = view(place, field);
  if (column.offsets != nullptr) __builtin_prefetch(column.offsets + place.row);
  if (column.weights != nullptr) __builtin_prefetch(column.weight_offsets + place.row);
}

void MappedRows::hash_bags(std::span<const Place> places, size_t field, std::span<uint64_t> hashes) const {
  for (size_t i = 0; i < places.size(); ++i) {
    const StoredBag from = bag(places[i], field);
    hashes[i] = hash_of(from.ids, from.length, mix64(hashes[i]));
    if (from.weights != nullptr) hashes[i] = hash_of(from.weights, from.length, hashes[i]);
  }
}

bool MappedRows::same_bags(Place a, Place b, size_t field) const {
  const StoredBag one = bag(a, field), other = bag(b, field);
  return one.length == other.length && same(one.ids, other.ids, one.length) &&
         (one.weights == nullptr || same(one.weights, other.weights, one.length));
}

double MappedRows::ids_per_bag() const {
  int64_t ids = 0;
  for (const View& column : views_) ids += column.values;
  const int64_t bags = size() * static_cast<int64_t>(fields_);
  return bags == 0 ? 0 : static_cast<double>(ids) / static_cast<double>(bags);
}

void MappedRows::visit_memory(int64_t first, int64_t count, std::span<const int> others,
                              const std::function<void(const void*, size_t)>& visit) const {
  while (count > 0) {
    const Place place = locate(first);
    const arrow::RecordBatch& batch = *batches_[place.batch];
    const int64_t rows = std::min(count, batch.num_rows() - place.row);
    for (const int other : others) {
      const auto width = static_cast<size_t>(batch.column(other)->type()->byte_width());
      visit(batch.column_data(other)->buffers[1]->data() + static_cast<size_t>(place.row) * width,
            static_cast<size_t>(rows) * width);
    }
    const Place last{place.batch, place.row + rows - 1};
    for (size_t field = 0; field < fields_; ++field) {
      const View& column = view(place, field);
      const auto bytes_of = [&](const auto* values) { return static_cast<size_t>(rows) * sizeof *values; };
      if (column.offsets != nullptr) visit(column.offsets + place.row, bytes_of(column.offsets));
      if (column.weights != nullptr) visit(column.weight_offsets + place.row, bytes_of(column.offsets));
      const StoredBag begin = bag(place, field), end = bag(last, field);
      if (end.ids < begin.ids) throw_damaged();
      const auto bytes = static_cast<size_t>(end.ids + end.length - begin.ids) * sizeof *begin.ids;
      visit(begin.ids, bytes);
      if (begin.weights != nullptr) visit(begin.weights, bytes);
    }
    first += rows;
    count -= rows;
  }
}

void MappedRows::throw_damaged() const {
  throw Error({.what = "is damaged", .where = file_, .hint = "prepare the data set again"});
}

}  // namespace esmm::data
