#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "esmm/data/raw/chunk_storage.h"
#include "esmm/data/raw/raw_reader.h"
#include "esmm/data/raw/text_input.h"

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

// Whole lines that follow each other.
struct TextBlock {
  std::string_view text;              // the last line's end may be missing at the end of the file
  int64_t first_line = 1;             // number of its first line
  int64_t lines = 0;                  // line ends in it
  bool too_long = false;              // the text is the beginning of one line, too long to be read
  int64_t file_bytes = 0;             // what it takes of the file
  std::shared_ptr<const void> owner;  // keeps the text alive
};

// Splits a file into lines, or blocks of lines; a UTF-8 byte order mark is skipped.
class LineReader {
 public:
  explicit LineReader(const std::filesystem::path& file);

  // The lines from the present place on, about kBlockBytes of them, at least one; the place stays. false: no
  // more.
  bool peek(TextBlock& block);
  // Goes on behind the block that peek gave last.
  void skip(const TextBlock& block);

  // The next line, kept alive by `storage`; false: no more. Empty lines and lines that are too long go to
  // `rejected`.
  bool next(Line& line, std::vector<RejectedLine>& rejected, ChunkStorage& storage);

  // Text from the beginning of the present line on, at most kMaxLineBytes: for records that span lines.
  std::string_view ahead() const;
  // Goes on behind the first `bytes` of ahead(), which held `ends` ends of lines.
  void skip_ahead(size_t bytes, int64_t ends);

  const std::filesystem::path& file() const { return file_; }
  // About what all up to the present place took of the file.
  double file_bytes() const { return file_bytes_ + static_cast<double>(next_) * window_.density; }

 private:
  void refill();
  void skip_line();

  std::filesystem::path file_;
  std::unique_ptr<TextInput> input_;
  TextWindow window_;
  size_t begin_ = 0;  // of the present line, in the window
  size_t next_ = 0;   // of the line after it
  int64_t number_ = 0;
  double file_bytes_ = 0;  // before the window
};

// Rejects text that is not UTF-8; true: it is.
bool accept_utf8(std::string_view text, int64_t line, std::vector<RejectedLine>& rejected);

}  // namespace esmm::data
