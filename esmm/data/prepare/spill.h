#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "esmm/data/arrow_file.h"

namespace esmm::data {

// Some rows on their way into a file of the data set, in its columns, with numbers of keys in place of table
// rows, which are known only when all keys are counted.
struct Piece {
  std::shared_ptr<arrow::RecordBatch> rows;
  std::span<const int64_t> keys;  // by number
  std::shared_ptr<arrow::RecordBatch> keys_owner;
};

// Keeps pieces on disk.
class PieceFile {
 public:
  // path: without an ending; two files are written.
  PieceFile(const std::filesystem::path& path, std::shared_ptr<arrow::Schema> schema);

  // place: in the order of the pieces. Any thread.
  void write(int64_t place, const arrow::RecordBatch& rows, const std::vector<int64_t>& keys);
  void close();
  // After close(): all pieces in their order, memory-mapped.
  std::vector<Piece> map() const;

  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }

 private:
  std::filesystem::path rows_file_, keys_file_;
  std::shared_ptr<arrow::Schema> schema_;
  std::mutex mutex_;
  ArrowFileWriter rows_, keys_;
  std::vector<int64_t> places_;  // per piece as written
};

}  // namespace esmm::data
