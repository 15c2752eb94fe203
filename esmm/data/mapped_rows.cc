#include "esmm/data/mapped_rows.h"

#include <algorithm>
#include <utility>

#include <arrow/array.h>

#include "esmm/core/error.h"

namespace esmm::data {
namespace {

bool has_nulls(const arrow::ArrayData& data) {
  return data.GetNullCount() != 0 || std::any_of(data.child_data.begin(), data.child_data.end(),
                                                 [](const auto& child) { return has_nulls(*child); });
}

// Where a row's bags begin, from the place of its first id and of its first weight.
class BagStarts {
 public:
  explicit BagStarts(const BagLayout& layout)
      : layout_(layout), ids_(layout.fields.size() + 1), weights_(ids_.size()) {
    for (size_t f = 0; f < ids_.size(); ++f) ids_[f] = static_cast<int64_t>(f);
  }

  // Whether the row is as its columns say.
  bool read(const BagColumns& columns, int64_t row) {
    if (layout_.many == 0) return true;
    const int32_t* length = columns.lengths + row * layout_.many;
    int64_t ids = 0, weights = 0;
    bool good = true;
    for (size_t f = 0; f < layout_.fields.size(); ++f) {
      const StoredField field = layout_.fields[f];
      const int64_t size = field.multi ? *length++ : 1;
      good = good && size >= 0;
      ids += size;
      weights += field.weighted ? size : 0;
      ids_[f + 1] = ids;
      weights_[f + 1] = weights;
    }
    return good && fits(columns.offsets, row, ids, columns.count) &&
           (!layout_.weighted || fits(columns.weight_offsets, row, weights, columns.weight_count));
  }

  int64_t ids(size_t field) const { return ids_[field]; }
  int64_t weights(size_t field) const { return weights_[field]; }

 private:
  static bool fits(const int32_t* offsets, int64_t row, int64_t length, int64_t count) {
    const int64_t begin = offsets[row], end = offsets[row + 1];
    return begin >= 0 && end <= count && end - begin == length;
  }

  const BagLayout& layout_;
  std::vector<int64_t> ids_, weights_;  // fields + 1
};

}  // namespace

MappedRows::MappedRows(std::vector<std::shared_ptr<arrow::RecordBatch>> batches, BagLayout layout, int first,
                       std::string file)
    : file_(std::move(file)), batches_(std::move(batches)), layout_(std::move(layout)) {
  for (const auto& batch : batches_) {
    for (const auto& column : batch->columns()) {
      if (has_nulls(*column->data())) throw_damaged();
    }
    columns_.push_back(bag_columns(*batch, layout_, first));
    starts_.push_back(starts_.back() + batch->num_rows());
    while (static_cast<int64_t>(batch_of_block_.size()) << kBlockBits < starts_.back())
      batch_of_block_.push_back(static_cast<int64_t>(columns_.size()) - 1);
  }
}

void MappedRows::find(std::span<const Place> places, std::span<const FieldRun> runs, FoundBags found,
                      size_t pieces, size_t lengths) const {
  constexpr size_t kAhead = 32;  // bounds lie as far apart as impressions: ask for them before they are used
  BagStarts starts(layout_);
  for (size_t i = 0; i < places.size(); ++i) {
    if (i + kAhead < places.size()) fetch_bounds(places[i + kAhead]);
    const auto [batch, row] = places[i];
    const BagColumns& columns = columns_[batch];
    if (!starts.read(columns, row)) throw_damaged();
    const int32_t* const ids = columns.ids + columns.begin(row);
    for (const FieldRun& run : runs) {
      const float* const weights =
          layout_.fields[run.first].weighted
              ? columns.weights + columns.weight_offsets[row] + starts.weights(run.first)
              : nullptr;
      found.pieces[run.piece] = {.ids = ids + starts.ids(run.first),
                                 .weights = weights,
                                 .length = starts.ids(run.last) - starts.ids(run.first)};
      int64_t* length = found.lengths + run.length;
      for (size_t f = run.first; f < run.last; ++f) *length++ = starts.ids(f + 1) - starts.ids(f);
    }
    found.pieces += pieces;
    found.lengths += lengths;
  }
}

void MappedRows::fetch_bounds(Place place) const {
  const BagColumns& columns = columns_[place.batch];
  if (layout_.many > 0) __builtin_prefetch(columns.offsets + place.row);
  if (layout_.weighted) __builtin_prefetch(columns.weight_offsets + place.row);
  constexpr int32_t kLine = 64 / sizeof(int32_t);
  for (int32_t i = 0; i < layout_.many; i += kLine)
    __builtin_prefetch(columns.lengths + place.row * layout_.many + i);
}

double MappedRows::ids_per_row() const {
  int64_t ids = 0;
  for (const BagColumns& columns : columns_) ids += columns.count;
  return size() == 0 ? 0 : static_cast<double>(ids) / static_cast<double>(size());
}

void MappedRows::visit_memory(int64_t first, int64_t count, std::span<const int> others,
                              const std::function<void(const void*, size_t)>& visit) const {
  while (count > 0) {
    const auto [b, row] = locate(first);
    const arrow::RecordBatch& batch = *batches_[b];
    const int64_t rows = std::min(count, batch.num_rows() - row);
    const auto visit_values = [&](const auto* values, int64_t begin, int64_t end) {
      if (values != nullptr) visit(values + begin, static_cast<size_t>(end - begin) * sizeof *values);
    };
    const auto visit_list = [&](const auto* values, const int32_t* offsets, int64_t size) {
      if (values == nullptr) return;
      visit_values(offsets, row, row + rows + 1);
      if (offsets[row] < 0 || offsets[row] > offsets[row + rows] || offsets[row + rows] > size)
        throw_damaged();
      visit_values(values, offsets[row], offsets[row + rows]);
    };
    for (const int other : others) {
      const int64_t width = batch.column(other)->type()->byte_width();
      visit_values(batch.column_data(other)->buffers[1]->data(), row * width, (row + rows) * width);
    }
    const BagColumns& columns = columns_[b];
    if (columns.offsets != nullptr)
      visit_list(columns.ids, columns.offsets, columns.count);
    else
      visit_values(columns.ids, columns.begin(row), columns.begin(row + rows));
    visit_values(columns.lengths, row * layout_.many, (row + rows) * layout_.many);
    visit_list(columns.weights, columns.weight_offsets, columns.weight_count);
    first += rows;
    count -= rows;
  }
}

void MappedRows::visit_memory(std::span<const int64_t> rows,
                              const std::function<void(const void*, size_t)>& visit) const {
  constexpr double kPage = 4096 / sizeof(int32_t);  // ids
  const auto near = static_cast<int64_t>(kPage / std::max(1.0, ids_per_row()));
  for (size_t i = 0, next = 0; i < rows.size(); i = next) {
    while (++next < rows.size() && rows[next] - rows[next - 1] <= near) {
    }
    visit_memory(rows[i], rows[next - 1] - rows[i] + 1, {}, visit);
  }
}

void MappedRows::throw_damaged() const {
  throw Error({.what = "is damaged", .where = file_, .hint = "prepare the data set again"});
}

}  // namespace esmm::data
