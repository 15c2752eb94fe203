#include "esmm/data/parquet_reader.h"

#include "esmm/core/error.h"
#include "esmm/data/array_text.h"
#include "esmm/data/chunk_storage.h"
#include "esmm/data/column_names.h"
#include "esmm/data/line_reader.h"
#include "esmm/data/utf8.h"

#include <arrow/record_batch.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>

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

class ParquetReader : public RawReader {
 public:
  ParquetReader(const fs::path& file, const std::vector<std::string>& columns, Rejected& rejected)
      : file_(file), columns_(columns), rejected_(rejected), reader_(open_file(file)) {
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

  bool next(RawChunk& chunk) override {
    do {
      std::shared_ptr<arrow::RecordBatch> batch = next_batch();
      if (batch == nullptr) return false;
      fill(batch, chunk);
      drop_bad_rows(chunk);
    } while (chunk.rows == 0);
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

  void fill(const std::shared_ptr<arrow::RecordBatch>& batch, RawChunk& chunk) {
    auto storage = std::make_shared<ChunkStorage>();
    storage->keep(batch);
    chunk.rows = batch->num_rows();
    chunk.columns.resize(columns_.size());
    for (size_t i = 0; i < columns_.size(); ++i)
      to_text(*batch->GetColumnByName(columns_[i]), *storage, chunk.columns[i]);
    chunk.lines.resize(static_cast<size_t>(chunk.rows));
    std::iota(chunk.lines.begin(), chunk.lines.end(), rows_read_ + 1);
    rows_read_ += chunk.rows;
    chunk.file = file_;
    chunk.text.assign(static_cast<size_t>(chunk.rows), {});
    chunk.storage = std::move(storage);
  }

  bool accept(const RawChunk& chunk, int64_t row) {
    size_t bytes = 0;
    for (size_t i = 0; i < columns_.size(); ++i) {
      for (const std::string_view value : chunk.columns[i].row(row)) {
        bytes += value.size();
        if (is_utf8(value)) continue;
        rejected_.add(file_, chunk.lines[row], kNotUtf8, fmt::format("column {}", columns_[i]), value);
        return false;
      }
    }
    if (bytes <= static_cast<size_t>(kMaxLineBytes)) return true;
    rejected_.add(file_, chunk.lines[row], kTooLong, {}, {});
    return false;
  }

  void drop_bad_rows(RawChunk& chunk) {
    std::vector<int64_t> kept;
    for (int64_t row = 0; row < chunk.rows; ++row) {
      if (accept(chunk, row)) kept.push_back(row);
    }
    if (static_cast<int64_t>(kept.size()) == chunk.rows) return;
    for (RawColumn& column : chunk.columns) column = rows_of(column, kept);
    for (size_t i = 0; i < kept.size(); ++i) chunk.lines[i] = chunk.lines[kept[i]];
    chunk.lines.resize(kept.size());
    chunk.text.resize(kept.size());
    chunk.rows = static_cast<int64_t>(kept.size());
  }

  static RawColumn rows_of(const RawColumn& column, const std::vector<int64_t>& rows) {
    RawColumn result;
    if (!column.offsets.empty()) result.offsets.push_back(0);
    for (const int64_t row : rows) {
      const auto values = column.row(row);
      result.values.insert(result.values.end(), values.begin(), values.end());
      if (!column.offsets.empty()) result.offsets.push_back(static_cast<int64_t>(result.values.size()));
    }
    return result;
  }

  fs::path file_;
  std::vector<std::string> columns_;
  Rejected& rejected_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::shared_ptr<arrow::RecordBatchReader> batches_;
  int64_t rows_read_ = 0;
};

}  // namespace

std::unique_ptr<RawReader> open_parquet(const fs::path& file, const std::vector<std::string>& columns,
                                        Rejected& rejected) {
  return std::make_unique<ParquetReader>(file, columns, rejected);
}

std::vector<std::string> parquet_columns(const fs::path& file) { return names_in(*open_file(file)); }

}  // namespace esmm::data
