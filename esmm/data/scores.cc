#include "esmm/data/scores.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <fmt/format.h>
#include <parquet/arrow/writer.h>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/arrow_file.h"

namespace esmm::data {
namespace fs = std::filesystem;

class ScoreWriter::Format {
 public:
  virtual ~Format() = default;
  virtual void add(const ScoreChunk& chunk) = 0;
  virtual void close() = 0;
};

namespace {

size_t rows_of(const ScoreChunk& chunk) {
  if (chunk.columns.empty()) return 0;
  const auto size = [](const auto& column) {
    return std::visit([](const auto& values) { return values.size(); }, column.second);
  };
  for (const auto& column : chunk.columns) {
    if (size(column) != size(chunk.columns.front()))
      throw InternalError("columns of scores differ in length");
  }
  return size(chunk.columns.front());
}

void append(std::string& line, const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) line.append(c == '"' ? 2 : 1, c);
  line += '"';
}

template <class Number>
void append(std::string& line, Number number) {
  fmt::format_to(std::back_inserter(line), "{}", number);
}

class CsvScores : public ScoreWriter::Format {
 public:
  explicit CsvScores(const fs::path& file) : file_(file), out_(file, std::ios::binary) { require_good(); }

  void add(const ScoreChunk& chunk) override {
    const size_t rows = rows_of(chunk);
    std::string text;
    if (!std::exchange(headed_, true)) {
      for (const auto& [name, values] : chunk.columns) append_cell(text, name);
      text.back() = '\n';
    }
    for (size_t r = 0; r < rows; ++r) {
      for (const auto& [name, column] : chunk.columns) {
        std::visit([&](const auto& values) { append_cell(text, values[r]); }, column);
      }
      text.back() = '\n';
    }
    out_ << text;
    require_good();
  }

  void close() override {
    out_.close();
    require_good();
  }

 private:
  template <class Value>
  static void append_cell(std::string& text, const Value& value) {
    append(text, value);
    text += ',';
  }

  void require_good() const {
    if (!out_) throw cannot_be_written(file_, std::strerror(errno));
  }

  fs::path file_;
  std::ofstream out_;
  bool headed_ = false;
};

template <class T>
std::shared_ptr<arrow::Array> array_of(const std::vector<T>& values) {
  typename arrow::CTypeTraits<T>::BuilderType builder;
  std::shared_ptr<arrow::Array> array;
  if (!builder.AppendValues(values).ok() || !builder.Finish(&array).ok())
    throw InternalError("scores do not fit into memory");
  return array;
}

class ParquetScores : public ScoreWriter::Format {
 public:
  explicit ParquetScores(const fs::path& file)
      : file_(file), stream_(require(arrow::io::FileOutputStream::Open(file.string()), file)) {}

  void add(const ScoreChunk& chunk) override {
    rows_of(chunk);
    arrow::FieldVector fields;
    arrow::ArrayVector arrays;
    for (const auto& [name, column] : chunk.columns) {
      arrays.push_back(std::visit([](const auto& values) { return array_of(values); }, column));
      fields.push_back(arrow::field(name, arrays.back()->type(), false));
    }
    const auto batch = arrow::RecordBatch::Make(arrow::schema(fields), arrays.front()->length(), arrays);
    if (writer_ == nullptr)
      writer_ = require(
          parquet::arrow::FileWriter::Open(*batch->schema(), arrow::default_memory_pool(), stream_), file_);
    require(writer_->WriteRecordBatch(*batch), file_);
  }

  void close() override {
    if (writer_ != nullptr) require(writer_->Close(), file_);
    require(stream_->Close(), file_);
  }

 private:
  fs::path file_;
  std::shared_ptr<arrow::io::FileOutputStream> stream_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

// CSV names its columns in the first line, Parquet at the end.
bool holds_scores(const fs::path& file) {
  constexpr std::streamoff kBytes = 1 << 16;
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::streamoff>(in.tellg());
  in.seekg(file.extension() == ".csv" ? 0 : std::max<std::streamoff>(0, size - kBytes));
  std::string text(kBytes, '\0');
  in.read(text.data(), kBytes);
  text.resize(static_cast<size_t>(in.gcount()));
  if (file.extension() == ".csv") text.resize(std::min(text.find('\n'), text.size()));
  return size == 0 || text.find("pctcvr") != std::string::npos;
}

void require_replaceable(const fs::path& file) {
  if (!fs::exists(file) || holds_scores(file)) return;
  throw Error({.what = "is there already and holds no scores",
               .where = file.string(),
               .hint = "name another file for the scores, or remove this one"});
}

std::unique_ptr<ScoreWriter::Format> open_format(const fs::path& file, const fs::path& temporary) {
  const bool csv = file.extension() == ".csv";
  if (!csv && file.extension() != ".parquet") {
    throw ConfigError({.what = "format of the scores not known by the file's name",
                       .where = file.string(),
                       .expected = ".csv or .parquet"});
  }
  require_replaceable(file);
  std::error_code ignored;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), ignored);
  if (csv) return std::make_unique<CsvScores>(temporary);
  return std::make_unique<ParquetScores>(temporary);
}

}  // namespace

ScoreWriter::ScoreWriter(const fs::path& file)
    : file_(file),
      temporary_(fmt::format("{}.tmp{}", file.string(), ::getpid())),
      format_(open_format(file, temporary_)) {}

ScoreWriter::~ScoreWriter() {
  if (format_ == nullptr) return;
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void ScoreWriter::add(const ScoreChunk& chunk) { format_->add(chunk); }

void ScoreWriter::close() {
  format_->close();
  std::error_code problem;
  fs::rename(temporary_, file_, problem);
  if (problem) throw cannot_be_written(file_, problem.message());
  format_.reset();
}

}  // namespace esmm::data
