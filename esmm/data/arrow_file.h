#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include <arrow/buffer.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>

namespace arrow::io {
class FileOutputStream;
}
namespace arrow::ipc {
class RecordBatchWriter;
}

namespace esmm::data {

// Throws Error, naming the file, where Arrow could not write it.
void require(const arrow::Status& status, const std::filesystem::path& file);

template <class T>
T require(arrow::Result<T> result, const std::filesystem::path& file) {
  require(result.status(), file);
  return std::move(result).ValueUnsafe();
}

// Buffer that owns what was in the vector.
template <class T>
std::shared_ptr<arrow::Buffer> buffer_of(std::vector<T>&& values) {
  return arrow::Buffer::FromVector(std::move(values));
}

// Writes an Arrow IPC file.
class ArrowFileWriter {
 public:
  ArrowFileWriter(const std::filesystem::path& file, const std::shared_ptr<arrow::Schema>& schema);
  ~ArrowFileWriter();
  void write(const arrow::RecordBatch& batch);
  void close();

 private:
  std::filesystem::path file_;
  std::shared_ptr<arrow::io::FileOutputStream> stream_;
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
};

enum class Pages { usual, large };  // see use_large_pages()

// All batches of an Arrow IPC file, memory-mapped: nothing is read until it is used. Throws Error where the
// file is missing or damaged or its schema is another.
std::vector<std::shared_ptr<arrow::RecordBatch>> map_arrow_file(const std::filesystem::path& file,
                                                                const arrow::Schema& schema,
                                                                Pages pages = Pages::usual);

}  // namespace esmm::data
