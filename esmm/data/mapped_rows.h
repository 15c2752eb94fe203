#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <arrow/record_batch.h>

#include "esmm/data/bag_columns.h"
#include "esmm/data/stored_ids.h"

namespace esmm::data {

// Neighbouring fields [first, last) of a row, all of them with weights or none, and where what is found of
// them goes.
struct FieldRun {
  size_t first = 0, last = 0;
  size_t piece = 0;   // among a row's pieces
  size_t length = 0;  // of the first field, among a row's lengths
};

// What find() gives of a row: pieces[p] of each run, and lengths[l] of each field in it.
struct FoundBags {
  StoredIds* pieces = nullptr;
  int64_t* lengths = nullptr;
};

// Bags of some fields in memory-mapped batches, with plain pointers: what gathering a batch reads. Fields are
// meant by their place among the fields. What an operation finds wrong in the file it throws as Error.
class MappedRows {
 public:
  // first: place of the bags' first column. Throws Error, naming `file`, where there are nulls.
  MappedRows(std::vector<std::shared_ptr<arrow::RecordBatch>> batches, BagLayout layout, int first,
             std::string file);

  struct Place {
    int64_t batch, row;
  };
  // row: 0 .. size() - 1
  Place locate(int64_t row) const {
    int64_t batch = batch_of_block_[row >> kBlockBits];
    while (row >= starts_[batch + 1]) ++batch;
    return {batch, row - starts_[batch]};
  }

  // Finds the runs of places[i], from found.pieces + i * pieces and found.lengths + i * lengths on.
  void find(std::span<const Place> places, std::span<const FieldRun> runs, FoundBags found, size_t pieces,
            size_t lengths) const;

  // Calls visit(address, bytes) for the memory that holds the rows [first, first + count) of the fields, and
  // of the columns `others`, whose values have a fixed width.
  void visit_memory(int64_t first, int64_t count, std::span<const int> others,
                    const std::function<void(const void*, size_t)>& visit) const;
  // The same of fields of rows that rise, and of rows between that are so few that they lie on the same
  // pages.
  void visit_memory(std::span<const int64_t> rows,
                    const std::function<void(const void*, size_t)>& visit) const;

  int64_t size() const { return starts_.back(); }
  const std::vector<std::shared_ptr<arrow::RecordBatch>>& batches() const { return batches_; }
  [[noreturn]] void throw_damaged() const;

 private:
  static constexpr int kBlockBits = 16;

  void fetch_bounds(Place place) const;
  double ids_per_row() const;  // the mean; 0 where there are none

  std::string file_;
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches_;
  BagLayout layout_;
  std::vector<BagColumns> columns_;      // per batch
  std::vector<int64_t> starts_{0};       // batches + 1: first rows
  std::vector<int64_t> batch_of_block_;  // per 2^16 rows: the batch with the first of them
};

}  // namespace esmm::data
