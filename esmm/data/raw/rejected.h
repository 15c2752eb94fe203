#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/core/file.h"
#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {

// Lines rejected for one reason.
struct Rejections {
  int64_t lines = 0;
  std::string text;  // the reason, with the detail of the first of them
};

// Lines of one source: all that were read, and those rejected, per reason.
struct SourceLines {
  std::string source{}, files{};  // its name; what it is read from
  int64_t read = 0;
  std::map<std::string, Rejections> rejected{};

  int64_t rejected_total() const;
  // A further line, read and rejected.
  void add_rejected(const RejectedLine& line);
};

// Throws Error where more than max_rejected, a share, of a source's lines were rejected: one problem per such
// source, each reason with the detail of its first line. file: where they are kept; limit: what sets
// max_rejected; mend: what to do but raise it.
void require_few_rejected(const std::vector<SourceLines>& sources, double max_rejected,
                          const std::filesystem::path& file, const std::string& limit,
                          const std::string& mend);

// Throws Error where every line of a source was rejected, and there were some: one problem per such source.
void require_some_accepted(const std::vector<SourceLines>& sources, const std::filesystem::path& file,
                           const std::string& mend);

// Keeps every rejected line: CSV with the columns file, line, reason, text. `reason` has no values of the
// line in it, so that counts per reason mean something ("bad number in column age"); a detail such as "got
// 'abc'" follows it in the file. Bytes of the text that are not UTF-8 are written as \xNN and a very long
// text is cut, saying so. Thread-safe.
class Rejected {
 public:
  // Keeps nothing on disk where path is empty (counts alone).
  explicit Rejected(const std::filesystem::path& path = {});

  void add(const std::filesystem::path& file, int64_t line, std::string_view reason, std::string_view detail,
           std::string_view text);
  void add(const std::filesystem::path& file, const RejectedLine& line) {
    add(file, line.line, line.reason, line.detail, line.text);
  }

  std::map<std::string, int64_t> counts() const;  // per reason
  // Flushes; throws Error where the disk is full.
  void close();

 private:
  void write(std::string_view text);

  mutable std::mutex mutex_;
  std::optional<FileSink> out_;
  std::map<std::string, int64_t> counts_;
};

}  // namespace esmm::data
