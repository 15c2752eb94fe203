#include "esmm/data/raw/csv_record.h"

#include "esmm/data/raw/line_reader.h"

#include <algorithm>

namespace esmm::data {

namespace {

constexpr size_t kNone = std::string_view::npos;

// Reads one record, field by field.
class RecordParser {
 public:
  RecordParser(std::string_view text, char delimiter, size_t max_fields, CsvRecord& record)
      : text_(text), delimiter_(delimiter), max_fields_(max_fields), record_(record) {
    record_.fields.clear();
    record_.ends = 0;
  }

  std::string_view parse() {
    for (;;) {
      if (record_.fields.size() == max_fields_) return failure(kWrongColumnCount);
      const std::string_view problem =
          at_ < text_.size() && text_[at_] == '"' ? quoted_field() : plain_field();
      if (!problem.empty()) return failure(problem);
      if (at_ >= text_.size() || text_[at_] != delimiter_) break;
      ++at_;
    }
    finish();
    return {};
  }

 private:
  // A record that went on over lines and then failed: the quote that began it was never closed.
  std::string_view failure(std::string_view problem) const {
    return record_.ends > 0 ? kUnclosedQuote : problem;
  }

  std::string_view plain_field() {
    const size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n') ++at_;
    if (ends_record() && at_ > begin && text_[at_ - 1] == '\r') --at_;
    record_.fields.push_back({text_.substr(begin, at_ - begin), false});
    return {};
  }

  std::string_view quoted_field() {
    const size_t begin = ++at_;
    bool doubled = false;
    size_t close = text_.find('"', begin);
    while (close != kNone && close + 1 < text_.size() && text_[close + 1] == '"') {
      doubled = true;
      close = text_.find('"', close + 2);
    }
    if (close == kNone) return kUnclosedQuote;
    const std::string_view field = text_.substr(begin, close - begin);
    record_.ends += std::count(field.begin(), field.end(), '\n');
    record_.fields.push_back({field, doubled});
    at_ = close + 1;
    if (ends_record() || text_[at_] == delimiter_) return {};
    const std::string_view end = text_.substr(at_, 2);
    return end == "\r\n" || end == "\r" ? std::string_view{} : kTextAfterQuote;
  }

  bool ends_record() const { return at_ == text_.size() || text_[at_] == '\n'; }

  void finish() {
    record_.text = text_.substr(0, at_);
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size()) {
      ++at_;
      ++record_.ends;
    }
    record_.bytes = at_;
  }

  std::string_view text_;
  char delimiter_;
  size_t max_fields_;
  CsvRecord& record_;
  size_t at_ = 0;
};

}  // namespace

std::string_view text_of(const CsvField& field, ChunkStorage& storage) {
  if (!field.doubled) return field.text;
  char* room = storage.room(field.text.size());
  size_t size = 0;
  for (size_t i = 0; i < field.text.size(); ++i) {
    room[size++] = field.text[i];
    if (field.text[i] == '"') ++i;
  }
  return storage.used(size);
}

std::string_view parse_csv_record(std::string_view text, char delimiter, size_t max_fields,
                                  CsvRecord& record) {
  return RecordParser(text, delimiter, max_fields, record).parse();
}

void split_csv_line(std::string_view line, char delimiter, CsvRecord& record) {
  record.fields.clear();
  record.text = line;
  for (size_t begin = 0, end = 0; end != kNone; begin = end + 1) {
    end = line.find(delimiter, begin);
    record.fields.push_back({line.substr(begin, end - begin), false});
  }
}

}  // namespace esmm::data
