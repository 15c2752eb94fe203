#include "esmm/data/raw/csv_header.h"

#include "esmm/core/error.h"
#include "esmm/data/raw/csv_record.h"

#include <algorithm>
#include <limits>
#include <string_view>

namespace esmm::data {

namespace {

// Whether a name holds a \r that no \n follows: the file's lines end in \r\r\n, or in \r alone.
bool has_stray_return(std::string_view name) {
  const size_t place = name.find('\r');
  return place != std::string_view::npos && name.substr(place + 1, 1) != "\n";
}

}  // namespace

std::vector<std::string> read_csv_header(LineReader& lines, char delimiter, std::vector<RejectedLine>& before,
                                         ChunkStorage& storage) {
  Line line;
  CsvRecord record;
  std::string_view problem = "no header line";
  if (lines.next(line, before, storage)) {
    problem = parse_csv_record(lines.ahead(), delimiter, std::numeric_limits<size_t>::max(), record);
  }
  if (problem.empty() && std::any_of(record.fields.begin(), record.fields.end(),
                                     [](const CsvField& field) { return has_stray_return(field.text); })) {
    throw Error({.what = "header cannot be read",
                 .where = lines.file().string() + ":1",
                 .expected = "lines that end in \\n or \\r\\n",
                 .got = "\\r without \\n behind it",
                 .hint = "write the file anew with ends of \\n"});
  }
  if (!problem.empty()) {
    throw Error({.what = "header cannot be read",
                 .where = lines.file().string() + ":1",
                 .expected = "the names of the columns",
                 .got = std::string(problem),
                 .hint = problem == kTextAfterQuote
                             ? "where another byte parts its columns, set the source's delimiter"
                             : "give the file a header line"});
  }
  lines.skip_ahead(record.bytes, record.ends);
  std::vector<std::string> names;
  for (const CsvField& field : record.fields) names.emplace_back(text_of(field, storage));
  return names;
}

}  // namespace esmm::data
