#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include <arrow/type.h>

#include "esmm/data/bag_columns.h"
#include "esmm/data/key_rows.h"
#include "esmm/data/prepare_options.h"
#include "esmm/data/spill.h"

namespace esmm::data {

// Rows [begin, end) of a piece.
struct PieceRows {
  const Piece* piece = nullptr;
  int64_t begin = 0, end = 0;
};

// Where a file's bags are.
struct BagPlaces {
  BagLayout bags;
  int first = 0;         // place of the first of their columns
  int text_column = -1;  // place of a column of texts; -1: none
};

// A file of the data set: batches of rows from pieces.
struct OutputFile {
  std::filesystem::path file;
  std::shared_ptr<arrow::Schema> schema;
  const BagPlaces* places = nullptr;
  std::vector<std::vector<PieceRows>> batches;
};

inline constexpr int64_t kBatchRows = int64_t{1} << 16;

// Cuts the pieces, one after the other, into batches of kBatchRows, or fewer where they hold 2^25 keys or
// 2^30 bytes of text, as offsets within a batch have 32 bits.
std::vector<std::vector<PieceRows>> cut_batches(const std::vector<Piece>& pieces, const BagPlaces& places);

// Writes the files with table rows for keys, at most a batch per thread at a time. Returns the hash of each.
// Throws Interrupted where a stop is wanted.
std::vector<uint64_t> write_files(const std::vector<OutputFile>& files, const KeyRows& rows, size_t threads,
                                  const PrepareOptions& options);

}  // namespace esmm::data
