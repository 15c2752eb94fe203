#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include <arrow/type.h>

#include "esmm/data/bag_columns.h"
#include "esmm/data/prepare/key_rows.h"
#include "esmm/data/prepare/prepare_options.h"
#include "esmm/data/prepare/spill.h"

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

// A batch is full where it has so many of one of these; offsets within it have 32 bits.
struct BatchLimits {
  int64_t rows = int64_t{1} << 16;
  int64_t ids = int64_t{1} << 25;
  int64_t bytes = int64_t{1} << 30;  // of text
};

// Cuts the pieces, one after the other, into batches that end with the row that fills them.
std::vector<std::vector<PieceRows>> cut_batches(const std::vector<Piece>& pieces, const BagPlaces& places,
                                                const BatchLimits& limits = {});

// Writes the files with table rows for keys, at most a batch per thread at a time. Returns the hash of each.
// Throws Interrupted where a stop is wanted.
std::vector<uint64_t> write_files(const std::vector<OutputFile>& files, const KeyRows& rows, size_t threads,
                                  const PrepareOptions& options);

}  // namespace esmm::data
