#include "esmm/data/line_reader.h"

#include "esmm/data/raw_reader.h"
#include "esmm/data/utf8.h"

#include <cstring>

namespace esmm::data {

namespace {

constexpr size_t kMaxLine = kMaxLineBytes;
constexpr size_t kLookahead = kMaxLine + 2;  // room for the line's end

}  // namespace

LineReader::LineReader(const std::filesystem::path& file, Rejected& rejected)
    : file_(file), rejected_(rejected), input_(open_text(file)) {
  refill();
  if (window_.text.starts_with("\xEF\xBB\xBF")) next_ = 3;
}

void LineReader::refill() {
  window_ = input_->next(window_.text.substr(next_));
  next_ = 0;
}

bool LineReader::next(Line& line) {
  for (;;) {
    if (!window_.last && window_.text.size() - next_ < kLookahead) refill();
    const std::string_view text = window_.text.substr(next_, kLookahead);
    if (text.empty()) return false;
    begin_ = next_;
    ++number_;
    const void* end = std::memchr(text.data(), '\n', text.size());
    size_t size =
        end == nullptr ? text.size() : static_cast<size_t>(static_cast<const char*>(end) - text.data());
    next_ = begin_ + size + (end == nullptr ? 0 : 1);
    if (size > 0 && text[size - 1] == '\r') --size;
    if (size > kMaxLine) {
      reject_too_long();
    } else if (size == 0) {
      rejected_.add(file_, number_, kEmptyLine, {}, {});
    } else {
      line = {text.substr(0, size), number_};
      return true;
    }
  }
}

void LineReader::reject_too_long() {
  rejected_.add(file_, number_, kTooLong, {}, window_.text.substr(begin_, kMaxLine));
  next_ = begin_;
  for (;;) {
    const size_t end = window_.text.find('\n', next_);
    next_ = end == std::string_view::npos ? window_.text.size() : end + 1;
    if (end != std::string_view::npos || window_.last) return;
    refill();
  }
}

std::string_view LineReader::ahead() const { return window_.text.substr(begin_, kMaxLine); }

void LineReader::skip_ahead(size_t bytes, int64_t ends) {
  next_ = begin_ + bytes;
  number_ += ends - 1;  // next() counts the line that it returns
}

bool accept_utf8(std::string_view text, int64_t line, const std::filesystem::path& file, Rejected& rejected) {
  if (is_utf8(text)) return true;
  rejected.add(file, line, kNotUtf8, {}, text);
  return false;
}

}  // namespace esmm::data
