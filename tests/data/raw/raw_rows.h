#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "esmm/core/file.h"
#include "esmm/data/raw/raw_reader.h"
#include "esmm/data/raw/rejected.h"
#include "tests/support/temporary_folder.h"

namespace esmm::test {

// What a reader gave, copied: easy to compare.
struct ReadRow {
  std::vector<std::vector<std::string>> values;  // per column
  int64_t line = 0;
  std::string text;
  std::string file;
};

inline std::vector<ReadRow> read_all(data::RawReader& reader, data::Rejected& rejected) {
  std::vector<ReadRow> rows;
  data::RawChunk chunk;
  for (data::RawTask task; reader.next(task);) {
    task(chunk);
    for (const data::RejectedLine& line : chunk.rejected) rejected.add(chunk.file, line);
    for (int64_t r = 0; r < chunk.rows; ++r) {
      ReadRow row{.values = {},
                  .line = chunk.lines[r],
                  .text = std::string(chunk.text[r]),
                  .file = chunk.file.string()};
      for (const data::RawColumn& column : chunk.columns) {
        const auto values = column.row(r);
        row.values.emplace_back(values.begin(), values.end());
      }
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

inline std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

// Per row: columns joined by '|', values within a column by ';'.
inline std::vector<std::string> as_lines(const std::vector<ReadRow>& rows) {
  std::vector<std::string> lines;
  for (const ReadRow& row : rows) {
    std::string line;
    for (size_t c = 0; c < row.values.size(); ++c) {
      if (c > 0) line += '|';
      for (size_t v = 0; v < row.values[c].size(); ++v) line += (v > 0 ? ";" : "") + row.values[c][v];
    }
    lines.push_back(line);
  }
  return lines;
}

// rejected.csv's lines with the first column (the file) taken away, after the header. For texts without line
// ends.
inline std::vector<std::string> rejected_lines(const std::filesystem::path& path) {
  std::istringstream in(read_file(path));
  std::vector<std::string> lines;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) lines.push_back(line.substr(line.find(',') + 1));
  return lines;
}

// What reading gave and left.
struct ReadOutcome {
  std::vector<ReadRow> rows;
  std::vector<std::string> lines;     // rows as text
  std::vector<std::string> rejected;  // line,reason,text
};

// open(): the reader.
template <class Open>
ReadOutcome outcome_of(Open&& open) {
  const TemporaryFolder folder;
  data::Rejected rejected(folder / "rejected.csv");
  ReadOutcome outcome;
  outcome.rows = read_all(*open(), rejected);
  outcome.lines = as_lines(outcome.rows);
  rejected.close();
  outcome.rejected = rejected_lines(folder / "rejected.csv");
  return outcome;
}

inline std::filesystem::path sample_data() {
  const char* given = std::getenv("ESMM_DATA");
  return given != nullptr ? std::filesystem::path(given)
                          : std::filesystem::path(ESMM_SOURCE_DIR) / "../shared/data";
}

}  // namespace esmm::test
