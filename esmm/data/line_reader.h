#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "esmm/data/rejected.h"
#include "esmm/data/text_input.h"

namespace esmm::data {

// Reasons that several formats share.
inline constexpr std::string_view kEmptyLine = "empty line";
inline constexpr std::string_view kNotUtf8 = "not UTF-8";
inline constexpr std::string_view kTooLong = "line longer than 4 MiB";
inline constexpr std::string_view kWrongColumnCount = "wrong column count";

struct Line {
  std::string_view text;  // without its end, \n or \r\n
  int64_t number = 0;     // from 1
};

// Splits a file into lines; a UTF-8 byte order mark is skipped. Empty lines and lines that are too long go to
// `rejected`.
class LineReader {
 public:
  LineReader(const std::filesystem::path& file, Rejected& rejected);

  // The next line; false: no more. Its text lives as long as window().
  bool next(Line& line);

  // What keeps the present line alive.
  const std::shared_ptr<const void>& window() const { return window_.owner; }

  // Text from the beginning of the present line on, at most kMaxLineBytes: for records that span lines.
  std::string_view ahead() const;
  // Goes on behind the first `bytes` of ahead(), which held `ends` ends of lines.
  void skip_ahead(size_t bytes, int64_t ends);

  const std::filesystem::path& file() const { return file_; }

 private:
  void refill();
  void reject_too_long();

  std::filesystem::path file_;
  Rejected& rejected_;
  std::unique_ptr<TextInput> input_;
  TextWindow window_;
  size_t begin_ = 0;  // of the present line, in the window
  size_t next_ = 0;   // of the line after it
  int64_t number_ = 0;
};

// Rejects text that is not UTF-8; true: it is.
bool accept_utf8(std::string_view text, int64_t line, const std::filesystem::path& file, Rejected& rejected);

}  // namespace esmm::data
