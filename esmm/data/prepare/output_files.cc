#include "esmm/data/prepare/output_files.h"

#include <algorithm>
#include <utility>

#include <arrow/array.h>
#include <arrow/array/concatenate.h>

#include "esmm/core/progress.h"
#include "esmm/data/prepare/file_hash.h"
#include "esmm/data/prepare/ordered_work.h"

namespace esmm::data {
namespace {

// What a piece holds in its first rows.
class PieceSize {
 public:
  PieceSize(const Piece& piece, const BagPlaces& places)
      : bags_(bag_columns(*piece.rows, places.bags, places.first)) {
    if (places.text_column < 0) return;
    const auto& texts = static_cast<const arrow::StringArray&>(*piece.rows->column(places.text_column));
    text_ends_ = texts.raw_value_offsets();
  }
  int64_t ids(int64_t row) const { return bags_.begin(row); }
  int64_t bytes(int64_t row) const { return text_ends_ == nullptr ? 0 : text_ends_[row]; }

 private:
  BagColumns bags_;
  const int32_t* text_ends_ = nullptr;
};

// Table rows of a piece's numbers.
std::vector<int32_t> rows_of(const Piece& piece, const KeyRows& rows) {
  std::vector<int32_t> result;
  result.reserve(piece.keys.size());
  for (const int64_t key : piece.keys) result.push_back(rows.row_of(key));
  return result;
}

// The column of table rows in a batch from rows of pieces.
std::shared_ptr<arrow::Array> mapped_column(const std::vector<PieceRows>& parts, const BagPlaces& places,
                                            const KeyRows& rows) {
  int64_t count = 0;
  for (const PieceRows& part : parts) {
    const PieceSize size(*part.piece, places);
    count += size.ids(part.end) - size.ids(part.begin);
  }
  std::vector<int32_t> ids, offsets{0};
  ids.reserve(static_cast<size_t>(count));
  for (const PieceRows& part : parts) {
    const BagColumns from = bag_columns(*part.piece->rows, places.bags, places.first);
    const std::vector<int32_t> row_of = rows_of(*part.piece, rows);
    const int32_t* number = from.ids + from.begin(part.begin);
    const int32_t* length = from.lengths + part.begin * places.bags.many;
    for (int64_t r = part.begin; r < part.end; ++r) {
      for (const StoredField& field : places.bags.fields) {
        const int32_t size = field.multi ? *length++ : 1;
        for (int32_t i = 0; i < size; ++i) {
          const int32_t row = row_of[static_cast<size_t>(*number++)];
          ids.push_back(row == KeyRows::kUnknown ? rows.unknown_row(field.field) : row);
        }
      }
      offsets.push_back(static_cast<int32_t>(ids.size()));
    }
  }
  const auto size = static_cast<int64_t>(offsets.size()) - 1;
  return id_array(places.bags, size, std::move(ids), std::move(offsets));
}

std::shared_ptr<arrow::Array> copied_column(const std::vector<PieceRows>& parts, int column,
                                            const std::filesystem::path& file) {
  arrow::ArrayVector slices;
  for (const PieceRows& part : parts)
    slices.push_back(part.piece->rows->column(column)->Slice(part.begin, part.end - part.begin));
  return require(arrow::Concatenate(slices), file);
}

std::shared_ptr<arrow::RecordBatch> make_batch(const OutputFile& file, const std::vector<PieceRows>& parts,
                                               const KeyRows& rows) {
  const BagPlaces& places = *file.places;
  arrow::ArrayVector columns;
  for (int c = 0; c < file.schema->num_fields(); ++c) {
    const bool ids = !places.bags.fields.empty() && c == places.first;
    columns.push_back(ids ? mapped_column(parts, places, rows) : copied_column(parts, c, file.file));
  }
  const int64_t size = columns.front()->length();
  return arrow::RecordBatch::Make(file.schema, size, std::move(columns));
}

}  // namespace

std::vector<std::vector<PieceRows>> cut_batches(const std::vector<Piece>& pieces, const BagPlaces& places,
                                                const BatchLimits& limits) {
  std::vector<std::vector<PieceRows>> batches;
  int64_t rows = limits.rows, ids = 0, bytes = 0;  // of the last batch; at first none is open
  const auto full = [&] { return rows >= limits.rows || ids >= limits.ids || bytes >= limits.bytes; };
  for (const Piece& piece : pieces) {
    const PieceSize size(piece, places);
    for (int64_t at = 0; at < piece.rows->num_rows();) {
      if (full()) {
        batches.emplace_back();
        rows = ids = bytes = 0;
      }
      int64_t end = std::min(piece.rows->num_rows(), at + limits.rows - rows);
      const auto fills = [&](int64_t to) {
        return ids + size.ids(to) - size.ids(at) >= limits.ids ||
               bytes + size.bytes(to) - size.bytes(at) >= limits.bytes;
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

std::vector<uint64_t> write_files(const std::vector<OutputFile>& files, const KeyRows& rows, size_t threads,
                                  const PrepareOptions& options) {
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
    const auto batch = make_batch(file, file.batches[b], rows);
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
