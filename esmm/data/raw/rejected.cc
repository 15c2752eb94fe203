#include "esmm/data/raw/rejected.h"

#include "esmm/core/error.h"
#include "esmm/data/raw/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace esmm::data {
namespace fs = std::filesystem;

namespace {

constexpr size_t kMaxTextBytes = 4096;   // of a rejected line, in the file
constexpr size_t kMaxDetailBytes = 160;  // in a message

// Bytes of the UTF-8 character at the front; 0: there is none.
size_t character_size(std::string_view text) {
  for (size_t size = 1; size <= std::min<size_t>(4, text.size()); ++size) {
    if (is_utf8(text.substr(0, size))) return size;
  }
  return 0;
}

std::string printable(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string result;
  while (!text.empty()) {
    const size_t size = character_size(text);
    if (size == 0) {
      result += fmt::format("\\x{:02X}", static_cast<unsigned char>(text.front()));
    } else {
      result += text.substr(0, size);
    }
    text.remove_prefix(std::max<size_t>(size, 1));
  }
  return result;
}

std::string shortened(std::string_view text, size_t most) {
  if (text.size() <= most) return printable(text);
  size_t size = most;
  while (size > most - 4 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
    --size;  // whole characters
  return fmt::format("{} … (cut after {} bytes)", printable(text.substr(0, size)), size);
}

std::string quoted(std::string text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  for (size_t at = text.find('"'); at != std::string::npos; at = text.find('"', at + 2))
    text.insert(at, 1, '"');
  return '"' + text + '"';
}

// "2 × bad number in column day (expected a number, got 'soon'), 1 × empty line".
std::string reasons_of(const SourceLines& lines) {
  std::string reasons;
  for (const auto& [reason, alike] : lines.rejected)
    reasons += fmt::format("{}{} × {}", reasons.empty() ? "" : ", ", alike.lines, alike.text);
  return reasons;
}

}  // namespace

int64_t SourceLines::rejected_total() const {
  return std::accumulate(rejected.begin(), rejected.end(), int64_t{0},
                         [](int64_t sum, const auto& item) { return sum + item.second.lines; });
}

void SourceLines::add_rejected(const RejectedLine& line) {
  ++read;
  Rejections& alike = rejected[line.reason];
  if (alike.lines++ > 0) return;
  alike.text = line.reason;
  if (!line.detail.empty()) alike.text += fmt::format(" ({})", shortened(line.detail, kMaxDetailBytes));
  std::replace_if(
      alike.text.begin(), alike.text.end(),
      [](char byte) { return (byte >= 0 && byte < ' ') || byte == 0x7F; }, ' ');
}

void require_few_rejected(const std::vector<SourceLines>& sources, double max_rejected, const fs::path& file,
                          const std::string& limit, const std::string& mend) {
  std::vector<Problem> problems;
  for (const SourceLines& lines : sources) {
    const int64_t total = lines.rejected_total();
    if (static_cast<double>(total) <= max_rejected * static_cast<double>(lines.read)) continue;
    problems.push_back(
        {.what = fmt::format("too many lines of source {} rejected", lines.source),
         .where = file.string(),
         .expected = fmt::format("at most {:g} % ({})", max_rejected * 100, limit),
         .got = fmt::format("{} of {}: {}", total, lines.read, reasons_of(lines)),
         .hint = total == lines.read
                     ? fmt::format("that file says for each what is wrong; {}", mend)
                     : fmt::format("that file says for each what is wrong; {}, or raise {}", mend, limit)});
  }
  if (!problems.empty()) throw Error(std::move(problems));
}

void require_some_accepted(const std::vector<SourceLines>& sources, const fs::path& file,
                           const std::string& mend) {
  std::vector<Problem> problems;
  for (const SourceLines& lines : sources) {
    if (lines.read == 0 || lines.rejected_total() < lines.read) continue;
    problems.push_back({.what = fmt::format("every line of source {} was rejected", lines.source),
                        .where = lines.files,
                        .got = reasons_of(lines),
                        .hint = fmt::format("{} says for each what is wrong; {}", file.string(), mend)});
  }
  if (!problems.empty()) throw Error(std::move(problems));
}

Rejected::Rejected(const fs::path& path) {
  if (path.empty()) return;
  out_.emplace(path, path);
  write("file,line,reason,text\n");
  out_->require_good();
}

void Rejected::write(std::string_view text) { out_->write(text.data(), text.size()); }

void Rejected::add(const fs::path& file, int64_t line, std::string_view reason, std::string_view detail,
                   std::string_view text) {
  std::string row;
  if (out_) {
    const std::string why = detail.empty() ? std::string(reason) : fmt::format("{}: {}", reason, detail);
    row = fmt::format("{},{},{},{}\n", quoted(printable(file.string())), line, quoted(printable(why)),
                      quoted(shortened(text, kMaxTextBytes)));
  }
  const std::lock_guard lock(mutex_);
  ++counts_[std::string(reason)];
  if (out_) write(row);
}

std::map<std::string, int64_t> Rejected::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void Rejected::close() {
  const std::lock_guard lock(mutex_);
  if (!out_) return;
  out_->close();
  out_.reset();
}

}  // namespace esmm::data
