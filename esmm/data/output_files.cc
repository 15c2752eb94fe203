#include "esmm/data/output_files.h"

#include <algorithm>
#include <utility>

#include <arrow/array.h>
#include <arrow/array/concatenate.h>

#include "esmm/core/progress.h"
#include "esmm/data/bag_columns.h"
#include "esmm/data/file_hash.h"
#include "esmm/data/ordered_work.h"

namespace esmm::data {
namespace {

constexpr int64_t kBatchIds = int64_t{1} << 25;
constexpr int64_t kBatchBytes = int64_t{1} << 30;

// What a piece holds in its first rows.
class PieceSize {
 public:
  PieceSize(const Piece& piece, const Schema& schema, const FieldPlaces& places)
      : columns_(id_columns(*piece.rows, schema, places.fields, places.first)) {
    if (places.text_column < 0) return;
    const auto& texts = static_cast<const arrow::StringArray&>(*piece.rows->column(places.text_column));
    text_ends_ = texts.raw_value_offsets();
  }
  int64_t ids(int64_t row) const {
    int64_t ids = 0;
    for (const IdColumn& column : columns_) ids += column.begin(row);
    return ids;
  }
  int64_t bytes(int64_t row) const { return text_ends_ == nullptr ? 0 : text_ends_[row]; }

 private:
  std::vector<IdColumn> columns_;
  const int32_t* text_ends_ = nullptr;
};

// Table rows of a piece's numbers.
std::vector<int32_t> rows_of(const Piece& piece, const KeyRows& rows) {
  std::vector<int32_t> result;
  result.reserve(piece.keys.size());
  for (const int64_t key : piece.keys) result.push_back(rows.row_of(key));
  return result;
}

// A batch of the data set from rows of pieces.
class BatchMaker {
 public:
  BatchMaker(const std::vector<PieceRows>& parts, const Schema& schema, const FieldPlaces& places,
             const KeyRows& rows)
      : parts_(parts), rows_(rows) {
    for (const PieceRows& part : parts) {
      part_rows_.push_back(rows_of(*part.piece, rows));
      part_columns_.push_back(id_columns(*part.piece->rows, schema, places.fields, places.first));
      size_ += part.end - part.begin;
    }
  }

  std::shared_ptr<arrow::RecordBatch> make(const std::shared_ptr<arrow::Schema>& schema,
                                           const std::filesystem::path& file) const {
    arrow::ArrayVector columns(static_cast<size_t>(schema->num_fields()));
    for (size_t i = 0; i < part_columns_.front().size(); ++i)
      columns[part_columns_.front()[i].place] = mapped_column(i);
    for (int c = 0; c < schema->num_fields(); ++c) {
      if (columns[c] == nullptr) columns[c] = copied_column(c, file);
    }
    return arrow::RecordBatch::Make(schema, size_, std::move(columns));
  }

 private:
  // Column i of ids.
  std::shared_ptr<arrow::Array> mapped_column(size_t i) const {
    const int32_t unknown = rows_.unknown_row(part_columns_.front()[i].field);
    const bool list = part_columns_.front()[i].offsets != nullptr;
    int64_t count = 0;
    for (size_t p = 0; p < parts_.size(); ++p)
      count += part_columns_[p][i].begin(parts_[p].end) - part_columns_[p][i].begin(parts_[p].begin);
    std::vector<int32_t> values(static_cast<size_t>(count)), offsets;
    if (list) offsets.push_back(0);
    int32_t* out = values.data();
    for (size_t p = 0; p < parts_.size(); ++p) {
      const IdColumn& column = part_columns_[p][i];
      const PieceRows& part = parts_[p];
      const int64_t begin = column.begin(part.begin), end = column.begin(part.end);
      if (list) {
        const int64_t shift = (out - values.data()) - begin;
        for (int64_t r = part.begin + 1; r <= part.end; ++r)
          offsets.push_back(static_cast<int32_t>(column.offsets[r] + shift));
      }
      const std::vector<int32_t>& row_of = part_rows_[p];
      for (int64_t at = begin; at < end; ++at) {
        const int32_t row = row_of[static_cast<size_t>(column.ids[at])];
        *out++ = row == KeyRows::kUnknown ? unknown : row;
      }
    }
    auto ids = std::make_shared<arrow::Int32Array>(count, buffer_of(std::move(values)));
    if (!list) return ids;
    return std::make_shared<arrow::ListArray>(arrow::list(arrow::int32()), size_,
                                              buffer_of(std::move(offsets)), ids);
  }

  std::shared_ptr<arrow::Array> copied_column(int c, const std::filesystem::path& file) const {
    arrow::ArrayVector slices;
    for (const PieceRows& part : parts_)
      slices.push_back(part.piece->rows->column(c)->Slice(part.begin, part.end - part.begin));
    return require(arrow::Concatenate(slices), file);
  }

  const std::vector<PieceRows>& parts_;
  const KeyRows& rows_;
  std::vector<std::vector<int32_t>> part_rows_;      // per part: rows of the piece's numbers
  std::vector<std::vector<IdColumn>> part_columns_;  // per part
  int64_t size_ = 0;
};

}  // namespace

std::vector<std::vector<PieceRows>> cut_batches(const std::vector<Piece>& pieces, const Schema& schema,
                                                const FieldPlaces& places) {
  std::vector<std::vector<PieceRows>> batches;
  int64_t rows = kBatchRows, ids = 0, bytes = 0;  // of the last batch; at first none is open
  const auto full = [&] { return rows >= kBatchRows || ids >= kBatchIds || bytes >= kBatchBytes; };
  for (const Piece& piece : pieces) {
    const PieceSize size(piece, schema, places);
    for (int64_t at = 0; at < piece.rows->num_rows();) {
      if (full()) {
        batches.emplace_back();
        rows = ids = bytes = 0;
      }
      int64_t end = std::min(piece.rows->num_rows(), at + kBatchRows - rows);
      const auto fills = [&](int64_t to) {
        return ids + size.ids(to) - size.ids(at) >= kBatchIds ||
               bytes + size.bytes(to) - size.bytes(at) >= kBatchBytes;
      };
      if (fills(end)) {
        end = at + 1;
        while (!fills(end)) ++end;
      }
      batches.back().push_back({&piece, at, end});
      rows += end - at;
      ids += size.ids(end) - size.ids(at);
      bytes += size.bytes(end) - size.bytes(at);
      at = end;
    }
  }
  return batches;
}

std::vector<uint64_t> write_files(const std::vector<OutputFile>& files, const Schema& schema,
                                  const KeyRows& rows, size_t threads, const PrepareOptions& options) {
  std::vector<std::pair<size_t, size_t>> batches;  // file, batch in it
  for (size_t f = 0; f < files.size(); ++f) {
    for (size_t b = 0; b < files[f].batches.size(); ++b) batches.emplace_back(f, b);
  }
  Progress progress("write", "batches", static_cast<int64_t>(batches.size()), options.show_progress);
  std::vector<uint64_t> hashes(files.size());
  std::unique_ptr<ArrowFileWriter> writer;
  OrderedWork(1).run(threads, [&](OrderedWork::Item& item) {
    if (item.number() >= static_cast<int64_t>(batches.size())) return false;
    const auto [f, b] = batches[static_cast<size_t>(item.number())];
    const OutputFile& file = files[f];
    const auto batch = BatchMaker(file.batches[b], schema, *file.places, rows).make(file.schema, file.file);
    const bool last = b + 1 == file.batches.size();
    item.in_order(0, [&] {
      if (b == 0) writer = std::make_unique<ArrowFileWriter>(file.file, file.schema);
      writer->write(*batch);
      if (last) writer->close();
      stop_if_wanted(options);
      progress.update(item.number());
    });
    if (last) hashes[f] = hash_of_file(file.file);
    return true;
  });
  return hashes;
}

}  // namespace esmm::data
