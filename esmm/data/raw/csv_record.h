#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "esmm/data/raw/chunk_storage.h"

namespace esmm::data {

inline constexpr std::string_view kUnclosedQuote = "unclosed quote";
inline constexpr std::string_view kTextAfterQuote = "text after a closing quote";

struct CsvField {
  std::string_view text;  // without the quotes around it
  bool doubled = false;   // has doubled quotes in it
};

// The field's text, its doubled quotes made single.
std::string_view text_of(const CsvField& field, ChunkStorage& storage);

// One record of RFC 4180, parsed with care: quotes, doubled quotes, line ends inside quotes.
struct CsvRecord {
  std::vector<CsvField> fields;
  std::string_view text;  // all of it, without its end
  size_t bytes = 0;       // with its end
  int64_t ends = 0;       // ends of lines in these bytes
};

// Parses the record at the front of `text`. Returns why it cannot be read; empty: it was. A quote inside an
// unquoted field stands for itself. max_fields: more are a wrong column count.
std::string_view parse_csv_record(std::string_view text, char delimiter, size_t max_fields,
                                  CsvRecord& record);

// Splits a line without quotes, given without its end.
void split_csv_line(std::string_view line, char delimiter, CsvRecord& record);

}  // namespace esmm::data
