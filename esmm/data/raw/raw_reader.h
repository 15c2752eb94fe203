#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/config/data_config.h"
#include "esmm/core/error.h"
#include "esmm/data/raw/column_names.h"

namespace esmm::data {

// One column of a chunk of R rows, as text. Row r holds values[offsets[r]] .. values[offsets[r + 1] - 1].
// A null is a row without values; a single-valued column's other rows have exactly one value.
struct RawColumn {
  std::vector<std::string_view> values;
  std::vector<int64_t> offsets;  // R + 1; empty: one value per row
  bool is_list = false;          // the file says so, of Parquet

  std::span<const std::string_view> row(int64_t r) const {
    if (offsets.empty()) return {values.data() + r, 1};
    return {values.data() + offsets[r], static_cast<size_t>(offsets[r + 1] - offsets[r])};
  }
  // The row's single value; "" where it has none.
  std::string_view text(int64_t r) const {
    const auto row_values = row(r);
    return row_values.empty() ? std::string_view{} : row_values.front();
  }
};

// A line that could not be read, as Rejected keeps it.
struct RejectedLine {
  int64_t line = 0;
  std::string reason, detail;
  std::string_view text;
};

// R rows of the columns asked for, in that order. Views live as long as the chunk.
struct RawChunk {
  int64_t rows = 0;
  std::vector<RawColumn> columns;
  std::vector<int64_t> lines;          // R: line in the file, from 1 (Parquet: row, from 1)
  std::filesystem::path file;          // all rows come from this file
  std::vector<std::string_view> text;  // R: the raw line, for rejected.csv; Parquet: empty
  std::vector<RejectedLine> rejected;  // lines between and around the rows that cannot be read
  int64_t file_bytes = 0;              // about what the chunk took of the file
  std::shared_ptr<void> storage;       // owns what the views point to

  // No rows of `size` columns; keeps the memory.
  void clear(size_t size);
};

// Replaces a chunk by some rows of a source (tens of thousands at most, or none).
using RawTask = std::function<void(RawChunk&)>;

// Reads one source's files as text, in order; lines that cannot be read are rejected and the rest goes on.
class RawReader {
 public:
  virtual ~RawReader() = default;
  // Takes the next part of the source. What is left to do for its rows, mostly all the work, is `task`, which
  // may run on any thread, after later calls too, once. false: no more, now and if asked again.
  virtual bool next(RawTask& task) = 0;
};

// Opens a source for `columns`, which differ from each other. Throws ConfigError where a file is missing, its
// format is not known by its name or a column is not there (names the nearest; of several files, each is
// checked before the first row is read). Throws Error, then or while reading, where a file is damaged.
// ali_ccp: the skeleton alone, columns sample_id, click, conversion, common_index, and per field id "<id>"
// and
// "<id>__weights" (a field that a row does not have is a row without values). Its common features are read
// with open_ali_ccp_common and joined by common_index by the caller, who decides what an unknown index means.
std::unique_ptr<RawReader> open_source(const SourceConfig& source, const std::vector<std::string>& columns);

// ali_ccp: the common-features files of the source; columns common_index, "<id>" and "<id>__weights".
std::unique_ptr<RawReader> open_ali_ccp_common(const SourceConfig& source,
                                               const std::vector<std::string>& columns);

// Bytes of all files of a source (of format ali_ccp with its common features).
int64_t bytes_of(const SourceConfig& source);

// What a source's first file tells of its columns.
struct SourceHeader {
  std::vector<std::string> columns;  // of ali_ccp, which has any: none
  std::optional<WrongDelimiter> wrong_delimiter;
};
SourceHeader source_header(const SourceConfig& source);

// Whether a column holds one value per row and never a list: of CSV any does, of Parquet its type in the
// first file says.
bool is_single(const SourceConfig& source, const std::string& column);

// Lines or rows longer than this are rejected.
inline constexpr int64_t kMaxLineBytes = int64_t{4} << 20;

}  // namespace esmm::data
