#include "apps/bench/data_files.h"

#include <arrow/array.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/arrow_file.h"
#include "esmm/data/bag_columns.h"
#include "esmm/data/dataset_json.h"
#include "esmm/data/prepare/output_files.h"

namespace esmm::bench {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kDrawn = data::BatchLimits{}.rows, kShard = 16 * kDrawn;  // impressions

data::DatasetLayout layout_for(const BatchShape& shape) {
  data::DatasetLayout layout;
  layout.info.schema = bench_schema();
  for (Field& field : layout.info.schema.fields) {
    const int64_t ids = field.side == Side::user ? shape.user_ids : shape.item_ids;
    if (ids == 1) field.kind = FieldKind::categorical;
  }
  layout.info.table_rows = shape.table_rows;
  layout.info.digest = "drawn";
  for (int64_t f = 0; f < kFields; ++f) layout.fields.push_back(f);
  return layout;
}

template <class T>
std::vector<T> converted(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

std::shared_ptr<arrow::RecordBatch> columns_of(const Batch& batch, const data::DatasetLayout& layout) {
  const auto rows = static_cast<size_t>(batch.size);
  arrow::ArrayVector arrays{
      std::make_shared<arrow::UInt8Array>(batch.size, data::buffer_of(converted<uint8_t>(batch.click))),
      std::make_shared<arrow::UInt8Array>(batch.size, data::buffer_of(converted<uint8_t>(batch.conversion))),
      std::make_shared<arrow::Int32Array>(batch.size, data::buffer_of(std::vector<int32_t>(rows))),
      std::make_shared<arrow::Int64Array>(batch.size, data::buffer_of(std::vector<int64_t>(rows)))};
  std::vector<uint32_t> all(rows);
  std::iota(all.begin(), all.end(), 0u);
  data::append_bag_columns(
      data::BagLayout(layout.info.schema, layout.fields), batch.bags, all, [](int32_t id) { return id; },
      arrays);
  return arrow::RecordBatch::Make(data::split_schema(layout), batch.size, std::move(arrays));
}

}  // namespace

DataFiles::DataFiles(const fs::path& below, const BatchShape& shape, double bytes)
    : folder_(below / fmt::format("esmm-bench-{}-{}", shape.name, ::getpid())) {
  BatchShape drawn = shape;
  drawn.size = kDrawn;
  const Batch batch = std::move(draw_batches(drawn, 1).front());
  data::DatasetLayout layout = layout_for(shape);
  const auto columns = columns_of(batch, layout);
  data::SplitCounts& counts = layout.info.splits["train"];
  std::vector<std::string>& shards = layout.shards["train"];
  fs::create_directories(folder_ / "train");
  for (double written = 0; written < bytes;) {
    shards.push_back(fmt::format("train/{:05}.arrow", shards.size()));
    const fs::path file = folder_ / shards.back();
    data::ArrowFileWriter writer(file, columns->schema());
    for (int64_t rows = 0; rows < kShard; rows += batch.size) {
      writer.write(*columns);
      counts.impressions += batch.size;
      counts.clicks += std::count(batch.click.begin(), batch.click.end(), 1.0F);
      counts.conversions += std::count(batch.conversion.begin(), batch.conversion.end(), 1.0F);
    }
    writer.close();
    written += static_cast<double>(fs::file_size(file));
  }
  write_file(folder_ / "dataset.json", data::layout_to_json(layout));
}

DataFiles::~DataFiles() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void DataFiles::evict() const {
  for (const auto& entry : fs::directory_iterator(folder_ / "train")) {
    const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw Error({.what = "cannot be opened", .where = entry.path().string()});
    ::fdatasync(file);  // pages that are still to be written stay otherwise
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
  }
}

}  // namespace esmm::bench
