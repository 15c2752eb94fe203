#include "esmm/data/raw/csv_reader.h"

#include "esmm/core/error.h"
#include "esmm/data/raw/byte_places.h"
#include "esmm/data/raw/chunk_storage.h"
#include "esmm/data/raw/column_names.h"
#include "esmm/data/raw/csv_header.h"
#include "esmm/data/raw/csv_record.h"
#include "esmm/data/raw/line_reader.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <utility>

namespace esmm::data {
namespace fs = std::filesystem;

namespace {

constexpr size_t kQuotedRows = 8192;  // read at once where there are quotes

char delimiter_byte(const std::string& delimiter, const fs::path& file) {
  if (delimiter.size() == 1 && delimiter.find_first_of("\"\r\n") == std::string::npos)
    return delimiter.front();
  throw ConfigError({.what = "delimiter cannot be used",
                     .where = file.string(),
                     .expected = "one byte that is no quote and no line end",
                     .got = fmt::format("'{}'", delimiter)});
}

// What a file's rows are parsed by.
struct CsvColumns {
  fs::path file;
  char delimiter = ',';
  size_t count = 0;            // of the header
  std::vector<size_t> wanted;  // place of each column asked for
};

void start(const CsvColumns& columns, const std::shared_ptr<ChunkStorage>& storage, RawChunk& chunk) {
  chunk.clear(columns.wanted.size());
  chunk.file = columns.file;
  chunk.storage = storage;
}

bool reject_count(const CsvColumns& columns, const Line& line, size_t fields, RawChunk& chunk) {
  chunk.rejected.push_back({line.number, std::string(kWrongColumnCount),
                            fmt::format("expected {}, got {}", columns.count, fields), line.text});
  return false;
}

// Parses lines without quotes.
void parse_plain_block(const TextBlock& block, const CsvColumns& columns, RawChunk& chunk) {
  const auto storage = std::make_shared<ChunkStorage>();
  storage->keep(block.owner);
  start(columns, storage, chunk);
  chunk.file_bytes = block.file_bytes;
  if (block.too_long) {
    chunk.rejected.push_back({block.first_line, std::string(kTooLong), {}, block.text});
    return;
  }
  static thread_local BytePlaces found;  // keeps its memory from block to block
  found.find(block.text, {columns.delimiter, '\n', '\n', '\n', '\n'});
  const size_t rows = static_cast<size_t>(block.lines) + 1;
  std::vector<std::string_view*> values;
  for (RawColumn& column : chunk.columns) {
    column.values.resize(rows);
    values.push_back(column.values.data());
  }
  chunk.lines.resize(rows);
  chunk.text.resize(rows);

  const char* const text = block.text.data();
  const auto ends = found.places();
  const auto size = static_cast<uint32_t>(block.text.size());
  size_t row = 0;
  int64_t number = block.first_line;
  size_t at = 0;  // among the ends
  for (uint32_t begin = 0; begin < size; ++number) {
    const size_t first = at;
    while (at < ends.size() && text[ends[at]] != '\n') ++at;
    const uint32_t end = at < ends.size() ? ends[at] : size;
    const size_t fields = at - first + 1;
    ++at;
    const uint32_t line_end = end > begin && text[end - 1] == '\r' ? end - 1 : end;
    const Line line{{text + begin, line_end - begin}, number};
    const uint32_t line_begin = std::exchange(begin, end + 1);
    if (line.text.empty()) {
      chunk.rejected.push_back({number, std::string(kEmptyLine), {}, {}});
      continue;
    }
    if (!found.ascii() && !accept_utf8(line.text, number, chunk.rejected)) continue;
    if (fields != columns.count) {
      reject_count(columns, line, fields, chunk);
      continue;
    }
    for (size_t i = 0; i < values.size(); ++i) {
      const size_t place = columns.wanted[i];
      const uint32_t field_begin = place == 0 ? line_begin : ends[first + place - 1] + 1;
      const uint32_t field_end = place + 1 == fields ? line_end : ends[first + place];
      values[i][row] = {text + field_begin, field_end - field_begin};
    }
    chunk.lines[row] = number;
    chunk.text[row++] = line.text;
  }
  for (RawColumn& column : chunk.columns) column.values.resize(row);
  chunk.lines.resize(row);
  chunk.text.resize(row);
  chunk.rows = static_cast<int64_t>(row);
}

class CsvReader : public RawReader {
 public:
  CsvReader(const fs::path& file, char delimiter, const std::vector<std::string>& columns) : lines_(file) {
    const std::vector<std::string> names = read_csv_header(lines_, delimiter, before_, *header_);
    columns_ = std::make_shared<CsvColumns>(
        CsvColumns{file, delimiter, names.size(), places_of_columns(columns, names, file)});
  }

  // Where there are quotes, what a line end means depends on all that is before it, so that such rows are
  // read here.
  bool next(RawTask& task) override {
    TextBlock block;
    if (!before_.empty()) {
      task = [before = std::exchange(before_, {}), header = header_, columns = columns_](RawChunk& chunk) {
        start(*columns, header, chunk);
        chunk.rejected = before;
      };
      return true;
    }
    if (!lines_.peek(block)) return false;
    if (block.text.find('"') == std::string_view::npos) {
      lines_.skip(block);
      task = [block, columns = columns_](RawChunk& chunk) { parse_plain_block(block, *columns, chunk); };
    } else {
      const auto read = std::make_shared<RawChunk>();
      read_rows(*read);
      task = [read](RawChunk& chunk) { chunk = std::move(*read); };
    }
    return true;
  }

 private:
  void read_rows(RawChunk& chunk) {
    const auto storage = std::make_shared<ChunkStorage>();
    start(*columns_, storage, chunk);
    const double before = lines_.file_bytes();
    Line line;
    for (size_t read = 0; read < kQuotedRows && lines_.next(line, chunk.rejected, *storage); ++read) {
      if (!read_row(line, chunk)) continue;
      chunk.lines.push_back(line.number);
      chunk.text.push_back(text_);
      for (size_t i = 0; i < columns_->wanted.size(); ++i)
        chunk.columns[i].values.push_back(text_of(record_.fields[columns_->wanted[i]], *storage));
    }
    chunk.rows = static_cast<int64_t>(chunk.lines.size());
    chunk.file_bytes = std::llround(lines_.file_bytes() - before);
  }

  // Reads the record that begins at `line`, or rejects the line.
  bool read_row(const Line& line, RawChunk& chunk) {
    if (!accept_utf8(line.text, line.number, chunk.rejected)) return false;
    text_ = line.text;
    if (line.text.find('"') == std::string_view::npos) {
      split_csv_line(line.text, columns_->delimiter, record_);
      return record_.fields.size() == columns_->count ||
             reject_count(*columns_, line, record_.fields.size(), chunk);
    }
    std::string_view problem = parse_csv_record(line.text, columns_->delimiter, columns_->count, record_);
    const bool may_span = problem == kUnclosedQuote;
    if (may_span) problem = parse_ahead();
    if (!problem.empty()) {
      chunk.rejected.push_back({line.number, std::string(problem), {}, line.text});
      return false;
    }
    if (record_.fields.size() != columns_->count)
      return reject_count(*columns_, line, record_.fields.size(), chunk);
    if (!may_span) return true;
    lines_.skip_ahead(record_.bytes, record_.ends);
    text_ = record_.text;
    return accept_utf8(record_.text, line.number, chunk.rejected);
  }

  // A record over several lines. One that does not have the right columns is taken for a quote that was never
  // closed.
  std::string_view parse_ahead() {
    const std::string_view problem =
        parse_csv_record(lines_.ahead(), columns_->delimiter, columns_->count, record_);
    const bool whole = record_.fields.size() == columns_->count && record_.bytes < kMaxLineBytes;
    return problem.empty() && whole ? problem : kUnclosedQuote;
  }

  LineReader lines_;
  std::vector<RejectedLine> before_;  // ahead of the header, alive with header_
  std::shared_ptr<ChunkStorage> header_ = std::make_shared<ChunkStorage>();
  std::shared_ptr<const CsvColumns> columns_;
  CsvRecord record_;       // of the present row
  std::string_view text_;  // of the present row
};

}  // namespace

std::unique_ptr<RawReader> open_csv(const fs::path& file, const std::string& delimiter,
                                    const std::vector<std::string>& columns) {
  return std::make_unique<CsvReader>(file, delimiter_byte(delimiter, file), columns);
}

std::vector<std::string> csv_columns(const fs::path& file, const std::string& delimiter) {
  LineReader lines(file);
  ChunkStorage storage;
  std::vector<RejectedLine> before;
  return read_csv_header(lines, delimiter_byte(delimiter, file), before, storage);
}

}  // namespace esmm::data
