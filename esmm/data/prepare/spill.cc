#include "esmm/data/prepare/spill.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <arrow/array.h>

namespace esmm::data {
namespace {

std::filesystem::path with_ending(std::filesystem::path path, const char* ending) { return path += ending; }

const std::shared_ptr<arrow::Schema>& keys_schema() {
  static const std::shared_ptr<arrow::Schema> schema =
      arrow::schema({arrow::field("key", arrow::int64(), false)});
  return schema;
}

}  // namespace

PieceFile::PieceFile(const std::filesystem::path& path, std::shared_ptr<arrow::Schema> schema)
    : rows_file_(with_ending(path, ".rows.arrow")),
      keys_file_(with_ending(path, ".keys.arrow")),
      schema_(std::move(schema)),
      rows_(rows_file_, schema_),
      keys_(keys_file_, keys_schema()) {}

void PieceFile::write(int64_t place, const arrow::RecordBatch& rows, const std::vector<int64_t>& keys) {
  const auto size = static_cast<int64_t>(keys.size());
  const auto array = std::make_shared<arrow::Int64Array>(size, arrow::Buffer::Wrap(keys));
  const auto batch = arrow::RecordBatch::Make(keys_schema(), size, {array});
  const std::lock_guard lock(mutex_);
  rows_.write(rows);
  keys_.write(*batch);
  places_.push_back(place);
}

void PieceFile::close() {
  rows_.close();
  keys_.close();
}

std::vector<Piece> PieceFile::map() const {
  const auto rows = map_arrow_file(rows_file_, *schema_), keys = map_arrow_file(keys_file_, *keys_schema());
  std::vector<size_t> order(places_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [this](size_t a, size_t b) { return places_[a] < places_[b]; });
  std::vector<Piece> pieces;
  for (const size_t i : order) {
    const auto& array = static_cast<const arrow::Int64Array&>(*keys[i]->column(0));
    pieces.push_back({rows[i], {array.raw_values(), static_cast<size_t>(array.length())}, keys[i]});
  }
  return pieces;
}

}  // namespace esmm::data
