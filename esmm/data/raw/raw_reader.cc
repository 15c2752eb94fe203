#include "esmm/data/raw/raw_reader.h"

#include "esmm/config/source_format.h"
#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/raw/ali_ccp_reader.h"
#include "esmm/data/raw/column_names.h"
#include "esmm/data/raw/csv_reader.h"
#include "esmm/data/raw/file_sequence.h"
#include "esmm/data/raw/parquet_reader.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace esmm::data {
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> existing_files(const std::vector<fs::path>& patterns, const SourceConfig& source) {
  std::vector<fs::path> files;
  std::vector<Problem> problems;
  for (const fs::path& pattern : patterns) {
    std::vector<fs::path> found = fs::exists(pattern) ? std::vector{pattern} : glob(pattern);
    if (fs::is_directory(pattern)) {
      problems.push_back({.what = fmt::format("source '{}': is a folder", source.name),
                          .where = pattern.string(),
                          .hint = fmt::format("name its files, as in {}", (pattern / "*.csv").string())});
    } else if (found.empty()) {
      problems.push_back({.what = fmt::format("source '{}': no such file", source.name),
                          .where = pattern.string(),
                          .hint = "check the path"});
    }
    files.insert(files.end(), found.begin(), found.end());
  }
  if (problems.empty() && files.empty()) {
    problems.push_back(
        {.what = fmt::format("source '{}' has no files", source.name), .hint = "give it a path"});
  }
  if (!problems.empty()) throw ConfigError(std::move(problems));
  return files;
}

SourceFormat format_of(const fs::path& file, const SourceConfig& source) {
  if (source.format != SourceFormat::automatic) return source.format;
  if (const auto format = format_by_name(file)) return *format;
  throw ConfigError({.what = fmt::format("source '{}': format not known by the file's name", source.name),
                     .where = file.string(),
                     .expected = kKnownNames,
                     .hint = "set the source's format"});
}

SourceHeader header_of(const fs::path& file, const SourceConfig& source) {
  SourceHeader header;
  const SourceFormat format = format_of(file, source);
  if (format == SourceFormat::csv) {
    const std::string delimiter = delimiter_of(source, file);
    header.columns = csv_columns(file, delimiter);
    header.wrong_delimiter = wrong_delimiter(file, delimiter, header.columns);
  } else if (format == SourceFormat::parquet) {
    header.columns = parquet_columns(file);
  }
  return header;
}

std::unique_ptr<RawReader> open_file(const fs::path& file, const SourceConfig& source,
                                     const std::vector<std::string>& columns) {
  if (format_of(file, source) == SourceFormat::csv)
    return open_csv(file, delimiter_of(source, file), columns);
  return open_parquet(file, columns);
}

}  // namespace

void RawChunk::clear(size_t size) {
  rows = file_bytes = 0;
  columns.resize(size);
  for (RawColumn& column : columns) {
    column.values.clear();
    column.offsets.clear();
    column.is_list = false;
  }
  lines.clear();
  text.clear();
  rejected.clear();
}

std::unique_ptr<RawReader> open_source(const SourceConfig& source, const std::vector<std::string>& columns) {
  const std::vector<fs::path> files = existing_files(source.paths, source);
  if (source.format == SourceFormat::ali_ccp) return ali_ccp_skeleton_reader(files, columns);
  for (const fs::path& file : files) {
    SourceHeader header = header_of(file, source);
    if (header.wrong_delimiter && file != files.front())
      header.wrong_delimiter->problem.hint =
          "write it as " + files.front().string() + ", or make it a source of its own";
    places_of_columns(columns, header.columns, file, header.wrong_delimiter);
  }
  return std::make_unique<FileSequence>(
      files, [source, columns](const fs::path& file) { return open_file(file, source, columns); });
}

std::unique_ptr<RawReader> open_ali_ccp_common(const SourceConfig& source,
                                               const std::vector<std::string>& columns) {
  return ali_ccp_common_reader(existing_files(source.common, source), columns);
}

int64_t bytes_of(const SourceConfig& source) {
  std::vector<fs::path> files = existing_files(source.paths, source);
  if (source.format == SourceFormat::ali_ccp) {
    const std::vector<fs::path> common = existing_files(source.common, source);
    files.insert(files.end(), common.begin(), common.end());
  }
  int64_t bytes = 0;
  for (const fs::path& file : files) {
    std::error_code unknown;
    const auto size = fs::file_size(file, unknown);
    if (!unknown) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

bool is_single(const SourceConfig& source, const std::string& column) {
  if (source.format == SourceFormat::ali_ccp) return false;
  const std::vector<fs::path> files = existing_files(source.paths, source);
  bool parquet_seen = false;
  return std::any_of(files.begin(), files.end(), [&](const fs::path& file) {
    if (format_of(file, source) == SourceFormat::csv) return true;
    return !std::exchange(parquet_seen, true) && !is_parquet_list(file, column);
  });
}

SourceHeader source_header(const SourceConfig& source) {
  return header_of(existing_files(source.paths, source).front(), source);
}

}  // namespace esmm::data
