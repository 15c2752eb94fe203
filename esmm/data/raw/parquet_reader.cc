#include "esmm/data/raw/parquet_reader.h"

#include "esmm/core/error.h"
#include "esmm/data/raw/array_text.h"
#include "esmm/data/raw/chunk_storage.h"
#include "esmm/data/raw/column_names.h"
#include "esmm/data/raw/line_reader.h"
#include "esmm/data/raw/utf8.h"

#include <arrow/record_batch.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace esmm::data {
namespace fs = std::filesystem;

namespace {

constexpr int64_t kChunkRows = 8192;

[[noreturn]] void throw_damaged(const fs::path& file, const std::string& got) {
  throw Error({.what = "cannot be read as Parquet",
               .where = file.string(),
               .got = got,
               .hint = "check that the file is complete"});
}

template <typename T>
T value_of(arrow::Result<T> result, const fs::path& file) {
  if (!result.ok()) throw_damaged(file, result.status().message());
  return std::move(result).ValueUnsafe();
}

std::unique_ptr<parquet::arrow::FileReader> open_file(const fs::path& file) {
  parquet::ArrowReaderProperties properties;
  properties.set_batch_size(kChunkRows);
  properties.set_pre_buffer(false);  // would hold all row groups
  parquet::arrow::FileReaderBuilder builder;
  const arrow::Status status = builder.OpenFile(file.string(), /*memory_map=*/true);
  if (!status.ok()) throw_damaged(file, status.message());
  return value_of(builder.properties(properties)->Build(), file);
}

std::vector<std::string> names_in(const parquet::arrow::FileReader& reader) {
  std::vector<std::string> names;
  for (const auto& field : reader.manifest().schema_fields) names.push_back(field.field->name());
  return names;
}

void collect_leaves(const parquet::arrow::SchemaField& field, std::vector<int>& leaves) {
  if (field.is_leaf()) leaves.push_back(field.column_index);
  for (const auto& child : field.children) collect_leaves(child, leaves);
}

struct ParquetColumns {
  fs::path file;
  std::vector<std::string> names;
};

bool accept(const ParquetColumns& columns, RawChunk& chunk, int64_t row) {
  size_t bytes = 0;
  for (size_t i = 0; i < columns.names.size(); ++i) {
    for (const std::string_view value : chunk.columns[i].row(row)) {
      bytes += value.size();
      if (is_utf8(value)) continue;
      chunk.rejected.push_back(
          {chunk.lines[row], std::string(kNotUtf8), fmt::format("column {}", columns.names[i]), value});
      return false;
    }
  }
  if (bytes <= static_cast<size_t>(kMaxLineBytes)) return true;
  chunk.rejected.push_back({chunk.lines[row], std::string(kTooLong), {}, {}});
  return false;
}

RawColumn rows_of(const RawColumn& column, const std::vector<int64_t>& rows) {
  RawColumn result;
  result.is_list = column.is_list;
  if (!column.offsets.empty()) result.offsets.push_back(0);
  for (const int64_t row : rows) {
    const auto values = column.row(row);
    result.values.insert(result.values.end(), values.begin(), values.end());
    if (!column.offsets.empty()) result.offsets.push_back(static_cast<int64_t>(result.values.size()));
  }
  return result;
}

void drop_bad_rows(const ParquetColumns& columns, RawChunk& chunk) {
  std::vector<int64_t> kept;
  for (int64_t row = 0; row < chunk.rows; ++row) {
    if (accept(columns, chunk, row)) kept.push_back(row);
  }
  if (static_cast<int64_t>(kept.size()) == chunk.rows) return;
  for (RawColumn& column : chunk.columns) column = rows_of(column, kept);
  for (size_t i = 0; i < kept.size(); ++i) chunk.lines[i] = chunk.lines[kept[i]];
  chunk.lines.resize(kept.size());
  chunk.text.resize(kept.size());
  chunk.rows = static_cast<int64_t>(kept.size());
}

// first: row in the file of the batch's first, from 1.
void fill(const ParquetColumns& columns, const std::shared_ptr<arrow::RecordBatch>& batch, int64_t first,
          RawChunk& chunk) {
  chunk.clear(columns.names.size());
  auto storage = std::make_shared<ChunkStorage>();
  storage->keep(batch);
  chunk.rows = batch->num_rows();
  for (size_t i = 0; i < columns.names.size(); ++i)
    to_text(*batch->GetColumnByName(columns.names[i]), *storage, chunk.columns[i]);
  chunk.lines.resize(static_cast<size_t>(chunk.rows));
  std::iota(chunk.lines.begin(), chunk.lines.end(), first);
  chunk.file = columns.file;
  chunk.text.assign(static_cast<size_t>(chunk.rows), {});
  chunk.storage = std::move(storage);
}

class ParquetReader : public RawReader {
 public:
  ParquetReader(const fs::path& file, const std::vector<std::string>& columns)
      : file_(file),
        columns_(std::make_shared<ParquetColumns>(ParquetColumns{file, columns})),
        reader_(open_file(file)) {
    rows_ = reader_->parquet_reader()->metadata()->num_rows();
    file_bytes_ = static_cast<int64_t>(fs::file_size(file));
    std::vector<int> leaves;
    for (const size_t place : places_of_columns(columns, names_in(*reader_), file)) {
      const parquet::arrow::SchemaField& field = reader_->manifest().schema_fields[place];
      if (!has_text(field.field->type())) {
        throw ConfigError({.what = fmt::format("column '{}' cannot be read", field.field->name()),
                           .where = file.string(),
                           .expected = "numbers, text, dates, times, or lists of them",
                           .got = field.field->type()->ToString()});
      }
      collect_leaves(field, leaves);
    }
    std::vector<int> row_groups(static_cast<size_t>(reader_->num_row_groups()));
    std::iota(row_groups.begin(), row_groups.end(), 0);
    batches_ = value_of(reader_->GetRecordBatchReader(row_groups, leaves), file_);
  }

  bool next(RawTask& task) override {
    const std::shared_ptr<arrow::RecordBatch> batch = next_batch();
    if (batch == nullptr) return false;
    const int64_t first = std::exchange(rows_read_, rows_read_ + batch->num_rows()) + 1;
    const double share = static_cast<double>(batch->num_rows()) / static_cast<double>(rows_);
    const auto bytes = static_cast<int64_t>(static_cast<double>(file_bytes_) * share);
    task = [columns = columns_, batch, first, bytes](RawChunk& chunk) {
      fill(*columns, batch, first, chunk);
      drop_bad_rows(*columns, chunk);
      chunk.file_bytes = bytes;
    };
    return true;
  }

 private:
  std::shared_ptr<arrow::RecordBatch> next_batch() {
    try {
      return value_of(batches_->Next(), file_);
    } catch (const parquet::ParquetException& problem) {
      throw_damaged(file_, problem.what());
    }
  }

  fs::path file_;
  std::shared_ptr<const ParquetColumns> columns_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::shared_ptr<arrow::RecordBatchReader> batches_;
  int64_t rows_ = 0, rows_read_ = 0;
  int64_t file_bytes_ = 0;
};

}  // namespace

std::unique_ptr<RawReader> open_parquet(const fs::path& file, const std::vector<std::string>& columns) {
  return std::make_unique<ParquetReader>(file, columns);
}

bool is_parquet_list(const fs::path& file, const std::string& column) {
  const auto reader = open_file(file);
  const auto& fields = reader->manifest().schema_fields;
  return std::any_of(fields.begin(), fields.end(), [&](const parquet::arrow::SchemaField& field) {
    return field.field->name() == column && is_list(*field.field->type());
  });
}

std::vector<std::string> parquet_columns(const fs::path& file) { return names_in(*open_file(file)); }

}  // namespace esmm::data
