#include "esmm/data/csv_reader.h"

#include "esmm/core/error.h"
#include "esmm/data/chunk_storage.h"
#include "esmm/data/column_names.h"
#include "esmm/data/csv_record.h"
#include "esmm/data/line_reader.h"

#include <fmt/format.h>

#include <limits>

namespace esmm::data {
namespace fs = std::filesystem;

namespace {

constexpr size_t kChunkRows = 8192;  // a chunk of twenty columns then stays in the cache

char delimiter_byte(const std::string& delimiter, const fs::path& file) {
  if (delimiter.size() == 1 && delimiter.find_first_of("\"\r\n") == std::string::npos)
    return delimiter.front();
  throw ConfigError({.what = "delimiter cannot be used",
                     .where = file.string(),
                     .expected = "one byte that is no quote and no line end",
                     .got = fmt::format("'{}'", delimiter)});
}

// The field's text, its doubled quotes made single.
std::string_view text_of(const CsvField& field, ChunkStorage& storage) {
  if (!field.doubled) return field.text;
  char* room = storage.room(field.text.size());
  size_t size = 0;
  for (size_t i = 0; i < field.text.size(); ++i) {
    room[size++] = field.text[i];
    if (field.text[i] == '"') ++i;
  }
  return storage.used(size);
}

std::vector<std::string> read_header(LineReader& lines, char delimiter) {
  Line line;
  CsvRecord record;
  std::string_view problem = "no header line";
  if (lines.next(line)) {
    problem = parse_csv_record(lines.ahead(), delimiter, std::numeric_limits<size_t>::max(), record);
  }
  if (!problem.empty()) {
    throw Error({.what = "header cannot be read",
                 .where = lines.file().string() + ":1",
                 .expected = "the names of the columns",
                 .got = std::string(problem),
                 .hint = "give the file a header line"});
  }
  lines.skip_ahead(record.bytes, record.ends);
  ChunkStorage storage;
  std::vector<std::string> names;
  for (const CsvField& field : record.fields) names.emplace_back(text_of(field, storage));
  return names;
}

class CsvReader : public RawReader {
 public:
  CsvReader(const fs::path& file, char delimiter, const std::vector<std::string>& columns, Rejected& rejected)
      : delimiter_(delimiter), rejected_(rejected), lines_(file, rejected) {
    const std::vector<std::string> names = read_header(lines_, delimiter);
    wanted_ = places_of_columns(columns, names, file);
    ends_.resize(names.size());
  }

  bool next(RawChunk& chunk) override {
    start(chunk);
    Line line;
    while (rows_ < kChunkRows && lines_.next(line)) {
      storage_->keep(lines_.window());
      if (read_row(line, chunk)) ++rows_;
    }
    finish(chunk);
    return rows_ > 0;
  }

 private:
  void start(RawChunk& chunk) {
    rows_ = 0;
    storage_ = std::make_shared<ChunkStorage>();
    chunk.columns.resize(wanted_.size());
    values_.clear();
    for (RawColumn& column : chunk.columns) {
      column.offsets.clear();
      column.values.resize(kChunkRows);
      values_.push_back(column.values.data());
    }
    chunk.lines.resize(kChunkRows);
    chunk.text.resize(kChunkRows);
  }

  void finish(RawChunk& chunk) {
    for (RawColumn& column : chunk.columns) column.values.resize(rows_);
    chunk.lines.resize(rows_);
    chunk.text.resize(rows_);
    chunk.rows = static_cast<int64_t>(rows_);
    chunk.file = lines_.file();
    chunk.storage = std::move(storage_);
  }

  // Adds the row that begins at `line`, or rejects it.
  bool read_row(const Line& line, RawChunk& chunk) {
    if (!accept_utf8(line.text, line.number, lines_.file(), rejected_)) return false;
    chunk.lines[rows_] = line.number;
    chunk.text[rows_] = line.text;
    const size_t fields = split_csv_line(line.text, delimiter_, ends_);
    if (fields == 0) return read_quoted_row(line, chunk);
    if (fields != ends_.size()) return reject_count(line, fields);
    const char* text = line.text.data();
    for (size_t i = 0; i < wanted_.size(); ++i) {
      const size_t place = wanted_[i];
      const size_t begin = place == 0 ? 0 : ends_[place - 1] + 1;
      values_[i][rows_] = {text + begin, ends_[place] - begin};
    }
    return true;
  }

  bool read_quoted_row(const Line& line, RawChunk& chunk) {
    std::string_view problem = parse_csv_record(line.text, delimiter_, ends_.size(), record_);
    const bool may_span = problem == kUnclosedQuote;
    if (may_span) problem = parse_ahead();
    if (!problem.empty()) {
      rejected_.add(lines_.file(), line.number, problem, {}, line.text);
      return false;
    }
    if (record_.fields.size() != ends_.size()) return reject_count(line, record_.fields.size());
    if (may_span) {
      lines_.skip_ahead(record_.bytes, record_.ends);
      if (!accept_utf8(record_.text, line.number, lines_.file(), rejected_)) return false;
      chunk.text[rows_] = record_.text;
    }
    for (size_t i = 0; i < wanted_.size(); ++i)
      values_[i][rows_] = text_of(record_.fields[wanted_[i]], *storage_);
    return true;
  }

  // A record over several lines. One that does not have the right columns is taken for a quote that was never
  // closed.
  std::string_view parse_ahead() {
    const std::string_view problem = parse_csv_record(lines_.ahead(), delimiter_, ends_.size(), record_);
    const bool whole = record_.fields.size() == ends_.size() && record_.bytes < kMaxLineBytes;
    return problem.empty() && whole ? problem : kUnclosedQuote;
  }

  bool reject_count(const Line& line, size_t fields) {
    rejected_.add(lines_.file(), line.number, kWrongColumnCount,
                  fmt::format("expected {}, got {}", ends_.size(), fields), line.text);
    return false;
  }

  char delimiter_;
  Rejected& rejected_;
  LineReader lines_;
  std::vector<size_t> wanted_;  // place of each column asked for
  std::vector<uint32_t> ends_;  // of the present line's fields; as many as the header has
  std::vector<std::string_view*> values_;
  CsvRecord record_;
  std::shared_ptr<ChunkStorage> storage_;
  size_t rows_ = 0;
};

}  // namespace

std::unique_ptr<RawReader> open_csv(const fs::path& file, const std::string& delimiter,
                                    const std::vector<std::string>& columns, Rejected& rejected) {
  return std::make_unique<CsvReader>(file, delimiter_byte(delimiter, file), columns, rejected);
}

std::vector<std::string> csv_columns(const fs::path& file, const std::string& delimiter) {
  Rejected none;
  LineReader lines(file, none);
  return read_header(lines, delimiter_byte(delimiter, file));
}

}  // namespace esmm::data
