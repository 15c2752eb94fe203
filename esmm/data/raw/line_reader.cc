#include "esmm/data/raw/line_reader.h"

#include "esmm/data/raw/utf8.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace esmm::data {

namespace {

constexpr size_t kMaxLine = kMaxLineBytes;
constexpr size_t kLookahead = kMaxLine + 2;  // room for the line's end
constexpr size_t kBlockBytes = size_t{2} << 20;
constexpr size_t kNone = std::string_view::npos;

std::string_view without_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

LineReader::LineReader(const std::filesystem::path& file) : file_(file), input_(open_text(file)) {
  refill();
  if (window_.text.starts_with("\xEF\xBB\xBF")) next_ = 3;
}

void LineReader::refill() {
  file_bytes_ = file_bytes();
  window_ = input_->next(window_.text.substr(next_));
  next_ = 0;
}

bool LineReader::peek(TextBlock& block) {
  if (!window_.last && window_.text.size() - next_ < kLookahead) refill();
  const std::string_view text = window_.text.substr(next_);
  if (text.empty()) return false;
  input_->read_ahead(text.data());
  size_t size = text.substr(0, kBlockBytes).rfind('\n');
  if (size == kNone) size = text.substr(0, kLookahead).find('\n');
  size = size == kNone ? std::min(text.size(), kLookahead) : size + 1;
  block.text = text.substr(0, size);
  block.too_long = size > kBlockBytes && without_end(block.text).size() > kMaxLine;
  if (block.too_long) block.text = block.text.substr(0, kMaxLine);
  block.first_line = number_ + 1;
  block.lines = block.too_long ? 1 : std::count(block.text.begin(), block.text.end(), '\n');
  block.file_bytes = std::llround(static_cast<double>(size) * window_.density);
  block.owner = window_.owner;
  return true;
}

void LineReader::skip(const TextBlock& block) {
  number_ += block.lines;
  if (block.too_long) return skip_line();
  next_ += block.text.size();
}

bool LineReader::next(Line& line, std::vector<RejectedLine>& rejected, ChunkStorage& storage) {
  for (;;) {
    if (!window_.last && window_.text.size() - next_ < kLookahead) refill();
    storage.keep(window_.owner);
    const std::string_view text = window_.text.substr(next_, kLookahead);
    if (text.empty()) return false;
    begin_ = next_;
    ++number_;
    const size_t end = text.find('\n');
    const std::string_view whole = text.substr(0, end == kNone ? end : end + 1);
    const std::string_view found = without_end(whole);
    if (found.size() > kMaxLine) {
      rejected.push_back({number_, std::string(kTooLong), {}, text.substr(0, kMaxLine)});
      skip_line();
      continue;
    }
    next_ += whole.size();
    if (!found.empty()) {
      line = {found, number_};
      return true;
    }
    rejected.push_back({number_, std::string(kEmptyLine), {}, {}});
  }
}

void LineReader::skip_line() {
  for (;;) {
    const size_t end = window_.text.find('\n', next_);
    next_ = end == kNone ? window_.text.size() : end + 1;
    if (end != kNone || window_.last) return;
    refill();
  }
}

std::string_view LineReader::ahead() const { return window_.text.substr(begin_, kMaxLine); }

void LineReader::skip_ahead(size_t bytes, int64_t ends) {
  next_ = begin_ + bytes;
  number_ += ends - 1;  // next() counts the line that it returns
}

bool accept_utf8(std::string_view text, int64_t line, std::vector<RejectedLine>& rejected) {
  if (is_utf8(text)) return true;
  rejected.push_back({line, std::string(kNotUtf8), {}, text});
  return false;
}

}  // namespace esmm::data
