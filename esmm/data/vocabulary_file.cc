#include "esmm/data/vocabulary_file.h"

#include <algorithm>
#include <memory>

#include <arrow/array.h>
#include <arrow/type.h>

#include "esmm/data/arrow_file.h"

namespace esmm::data {
namespace {

constexpr int64_t kBatch = int64_t{1} << 20;

std::shared_ptr<arrow::Schema> columns() {
  return arrow::schema(
      {arrow::field("key", arrow::int64(), false), arrow::field("count", arrow::int64(), false)});
}

std::shared_ptr<arrow::Array> slice(std::span<const int64_t> values, int64_t begin, int64_t rows) {
  return std::make_shared<arrow::Int64Array>(
      rows, arrow::Buffer::Wrap(values.data() + begin, static_cast<size_t>(rows)));
}

}  // namespace

void write_vocabulary(const std::filesystem::path& file, std::span<const int64_t> keys,
                      std::span<const int64_t> counts) {
  ArrowFileWriter writer(file, columns());
  const auto size = static_cast<int64_t>(keys.size());
  for (int64_t begin = 0; begin < size; begin += kBatch) {
    const int64_t rows = std::min(kBatch, size - begin);
    writer.write(
        *arrow::RecordBatch::Make(columns(), rows, {slice(keys, begin, rows), slice(counts, begin, rows)}));
  }
  writer.close();
}

std::vector<int64_t> read_vocabulary(const std::filesystem::path& file) {
  std::vector<int64_t> keys;
  for (const auto& batch : map_arrow_file(file, *columns())) {
    const auto& column = static_cast<const arrow::Int64Array&>(*batch->column(0));
    keys.insert(keys.end(), column.raw_values(), column.raw_values() + column.length());
  }
  return keys;
}

}  // namespace esmm::data
