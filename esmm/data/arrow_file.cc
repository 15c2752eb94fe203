#include "esmm/data/arrow_file.h"

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/mapped_pages.h"

#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>

namespace esmm::data {

namespace {

void require_read(const arrow::Status& status, const std::filesystem::path& file) {
  if (status.ok()) return;
  throw Error({.what = "cannot be read as Arrow",
               .where = file.string(),
               .got = status.message(),
               .hint = "prepare the data set again"});
}

template <class T>
T require_read(arrow::Result<T> result, const std::filesystem::path& file) {
  require_read(result.status(), file);
  return std::move(result).ValueUnsafe();
}

}  // namespace

void require(const arrow::Status& status, const std::filesystem::path& file) {
  if (status.ok()) return;
  throw cannot_be_written(file, status.message());
}

ArrowFileWriter::ArrowFileWriter(const std::filesystem::path& file,
                                 const std::shared_ptr<arrow::Schema>& schema)
    : file_(file),
      stream_(require(arrow::io::FileOutputStream::Open(file.string()), file)),
      writer_(require(arrow::ipc::MakeFileWriter(stream_, schema), file)) {}

ArrowFileWriter::~ArrowFileWriter() = default;

void ArrowFileWriter::write(const arrow::RecordBatch& batch) {
  require(writer_->WriteRecordBatch(batch), file_);
}

void ArrowFileWriter::close() {
  require(writer_->Close(), file_);
  require(stream_->Close(), file_);
}

std::vector<std::shared_ptr<arrow::RecordBatch>> map_arrow_file(const std::filesystem::path& file,
                                                                const arrow::Schema& schema, Pages pages) {
  if (!std::filesystem::exists(file)) {
    throw Error({.what = "is missing from the data set",
                 .where = file.string(),
                 .hint = "copy the whole data set, or prepare it again"});
  }
  const auto mapped =
      require_read(arrow::io::MemoryMappedFile::Open(file.string(), arrow::io::FileMode::READ), file);
  if (pages == Pages::large) {
    const auto whole = require_read(mapped->ReadAt(0, require_read(mapped->GetSize(), file)), file);
    use_large_pages(whole->data(), static_cast<size_t>(whole->size()));
  }
  const auto reader = require_read(arrow::ipc::RecordBatchFileReader::Open(mapped), file);
  if (!reader->schema()->Equals(schema)) {
    throw Error({.what = "holds other columns than dataset.json says",
                 .where = file.string(),
                 .expected = schema.ToString(),
                 .got = reader->schema()->ToString(),
                 .hint = "prepare the data set again"});
  }
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  for (int i = 0; i < reader->num_record_batches(); ++i) {
    batches.push_back(require_read(reader->ReadRecordBatch(i), file));
    require_read(batches.back()->Validate(), file);
  }
  return batches;
}

}  // namespace esmm::data
