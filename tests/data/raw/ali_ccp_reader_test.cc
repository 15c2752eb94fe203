#include "esmm/data/raw/ali_ccp_reader.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "esmm/core/error.h"
#include "esmm/core/random.h"
#include "esmm/data/raw/ali_ccp_features.h"
#include "tests/data/raw/raw_rows.h"
#include "tests/support/temporary_folder.h"

using esmm::data::Rejected;
using esmm::test::as_lines;
using esmm::test::outcome_of;
using esmm::test::read_all;
using esmm::test::ReadOutcome;
using esmm::test::split;
using esmm::test::TemporaryFolder;
using Lines = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

// Ali-CCP's separators written as in 216:9154780=1.0|301:5=1.0.
std::string ali(std::string text) {
  for (char& byte : text) {
    if (byte == '|') byte = 0x01;
    if (byte == ':') byte = 0x02;
    if (byte == '=') byte = 0x03;
  }
  return text;
}

enum class Kind { skeleton, common };

ReadOutcome read(Kind kind, const std::vector<std::string>& files, const Lines& columns) {
  const TemporaryFolder folder;
  std::vector<fs::path> paths;
  for (size_t i = 0; i < files.size(); ++i) {
    paths.push_back(folder / std::to_string(i));
    esmm::write_file(paths.back(), ali(files[i]));
  }
  return outcome_of([&] {
    return kind == Kind::skeleton ? esmm::data::ali_ccp_skeleton_reader(paths, columns)
                                  : esmm::data::ali_ccp_common_reader(paths, columns);
  });
}

Lines reasons(const ReadOutcome& outcome) {
  Lines result;
  for (const std::string& line : outcome.rejected)
    result.push_back(line.substr(0, line.rfind(",\"", line.size() - 3)));
  return result;
}

const Lines kColumns{"sample_id", "click",        "conversion", "common_index",
                     "210",       "210__weights", "150_14",     "508__weights"};

// With what follows the last separator, empty or not.
std::vector<std::string> all_parts(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char byte : text) {
    if (byte == separator) {
      parts.emplace_back();
    } else {
      parts.back() += byte;
    }
  }
  return parts;
}

// sample_id|210|210__weights of a skeleton's line, the obvious way; nothing: the line is malformed.
std::string row_of_line(std::string line) {
  if (line.ends_with('\r')) line.pop_back();
  const Lines cells = all_parts(line, ',');
  if (cells.size() != 6) return {};
  std::string ids, values;
  const Lines features = cells[5].empty() ? Lines{} : all_parts(cells[5], '\x01');
  for (const std::string& feature : features) {
    const Lines at_field = all_parts(feature, '\x02');
    if (at_field.size() != 2 || all_parts(at_field[0], '\x03').size() != 1) return {};
    const Lines at_id = all_parts(at_field[1], '\x03');
    if (at_id.size() != 2 || at_field[0].empty() || at_id[0].empty()) return {};
    if (!esmm::data::is_finite_number(at_id[1])) return {};
    if (at_field[0] != "210") continue;
    ids += (ids.empty() ? "" : ";") + at_id[0];
    values += (values.empty() ? "" : ";") + at_id[1];
  }
  return std::to_string(features.size()) == cells[4] ? cells[0] + "|" + ids + "|" + values : std::string{};
}

// A skeleton's line; some are malformed where `broken`.
std::string random_line(esmm::Random& random, bool broken) {
  const auto below = [&](int most) { return static_cast<int>(random.uniform() * most); };
  const int features = below(12);
  std::string line = std::to_string(below(100000)) + ",0,0,u" + std::to_string(below(50)) + "," +
                     std::to_string(features) + ",";
  for (int f = 0; f < features; ++f) {
    const char* fields[] = {"210", "109_14", "2", "a_long_field_name", "2100"};
    const char* values[] = {"1.0", "0.69315", "-2", "1e-3", "12345678.25"};
    line += std::string(f > 0 ? "|" : "") + fields[below(5)] + ":" + std::to_string(below(1 << below(30))) +
            "=" + values[below(5)];
  }
  line = ali(line);
  if (broken && below(3) == 0) {
    const char bytes[] = {1, 2, 3, ',', '\r', 'x', '\xC3', 0};
    const auto place = static_cast<size_t>(below(static_cast<int>(line.size())));
    if (below(2) == 0) {
      line[place] = bytes[below(8)];
    } else {
      line.erase(place, static_cast<size_t>(1 + below(3)));
    }
  }
  return line + (below(4) == 0 ? "\r\n" : "\n");
}

}  // namespace

TEST_CASE(
    "an Ali-CCP skeleton gives labels, ids and values in the order of the line; absent fields are rows "
    "without values") {
  const ReadOutcome outcome = read(Kind::skeleton,
                                   {"1,0,0,aa,4,210:7=1.0|508:3=0.69315|210:9=2.5|216:1=1.0\n"
                                    "2,1,1,bb,1,150_14:4=3\n"
                                    "3,1,0,aa,0,\n"},
                                   kColumns);
  CHECK(outcome.lines == Lines{"1|0|0|aa|7;9|1.0;2.5||0.69315", "2|1|1|bb|||4|", "3|1|0|aa||||"});
  CHECK(outcome.rows[0].values[6].empty());
  CHECK(outcome.rows[1].line == 2);
  CHECK(outcome.rows[1].text == ali("2,1,1,bb,1,150_14:4=3"));
  CHECK(outcome.rejected.empty());
}

TEST_CASE("Ali-CCP: columns come in the order asked, CRLF and a last line without its end are read") {
  CHECK(read(Kind::skeleton, {"1,0,1,aa,1,210:7=1.0\r\n2,0,0,bb,1,210:8=1.0"}, {"210", "conversion"}).lines ==
        Lines{"7|1", "8|0"});
}

TEST_CASE("Ali-CCP: each kind of malformed line is rejected with its line and reason, the others load") {
  const std::string good = "1,0,0,aa,1,210:7=1.0\n";
  const auto reasons_of = [&](const std::string& line) {
    const ReadOutcome outcome = read(Kind::skeleton, {good + line + "\n" + good}, {"210", "sample_id"});
    CHECK(outcome.lines == Lines{"7|1", "7|1"});
    CHECK(outcome.rows.back().line == 3);
    return reasons(outcome);
  };
  CHECK(reasons_of("1,0,0,1,210:7=1.0") == Lines{"2,\"wrong column count: expected 6, got 5\""});
  CHECK(reasons_of("1,0,0,aa,1,210:7=1.0,9") == Lines{"2,\"wrong column count: expected 6, got 7\""});
  CHECK(reasons_of("1,0,0,aa,2,210:7=1.0|210") == Lines{"2,truncated feature: feature 2"});
  CHECK(reasons_of("1,0,0,aa,2,210:7=1.0|210:8") == Lines{"2,truncated feature: feature 2"});
  CHECK(reasons_of("1,0,0,aa,2,210:7=1.0|210:8=") == Lines{"2,truncated feature: feature 2"});
  CHECK(reasons_of("1,0,0,aa,2,210:7=1.0|") == Lines{"2,truncated feature: feature 2"});
  CHECK(reasons_of("1,0,0,aa,2,210:7|210:8=1.0") == Lines{"2,truncated feature: feature 1"});
  CHECK(reasons_of("1,0,0,aa,1,210=7=1.0") == Lines{"2,truncated feature: feature 1"});
  CHECK(reasons_of("1,0,0,aa,1,:7=1.0") == Lines{"2,truncated feature: feature 1"});
  CHECK(reasons_of("1,0,0,aa,1,210:7=1.0x") == Lines{"2,bad number: value of field 210: got '1.0x'"});
  CHECK(reasons_of("1,0,0,aa,2,210:7=1.0|216:8=nan") == Lines{"2,bad number: value of field 216: got 'nan'"});
  CHECK(reasons_of("1,0,0,aa,1,210:7=inf") == Lines{"2,bad number: value of field 210: got 'inf'"});
  CHECK(reasons_of("1,0,0,aa,1,210:7=1e39") == Lines{"2,bad number: value of field 210: got '1e39'"});
  CHECK(reasons_of("1,0,0,aa,one,210:7=1.0") ==
        Lines{"2,\"bad number: expected a count of features, got 'one'\""});
  CHECK(reasons_of("1,0,0,aa,2,210:7=1.0") == Lines{"2,\"feature count differs: expected 2, got 1\""});
  CHECK(reasons_of("1,0,0,aa,0,210:7=1.0") == Lines{"2,\"feature count differs: expected 0, got 1\""});
  CHECK(reasons_of("1,0,0,aa,1,") == Lines{"2,\"feature count differs: expected 1, got 0\""});
  CHECK(reasons_of("") == Lines{"2,empty line,"});
  CHECK(reasons_of("1,0,0,a\xFF,1,210:7=1.0") == Lines{"2,not UTF-8"});
  CHECK(reasons_of("1,0,0,aa,1,210:7=" + std::string(10'000'000, '1')) == Lines{"2,line longer than 4 MiB"});
}

TEST_CASE("Ali-CCP: a line of common features that is malformed is rejected with its line") {
  const ReadOutcome outcome =
      read(Kind::common, {"aa,1,101:1=1.0\nbb,1,101:2\ncc,101:2=1.0\ndd,1,101:4=1.0\n"}, {"101"});
  CHECK(outcome.lines == Lines{"1", "4"});
  CHECK(reasons(outcome) ==
        Lines{"2,truncated feature: feature 1", "3,\"wrong column count: expected 3, got 2\""});
}

TEST_CASE(
    "Ali-CCP: many rows over several chunks and features of every length come back as they were written") {
  std::string text;
  Lines expected;
  for (int i = 0; i < 20'000; ++i) {
    const std::string id = std::to_string(i), long_id(static_cast<size_t>(i % 40 + 1), 'x');
    const std::string value = std::to_string(i) + ".25";
    text += id + ",0,0,aa,3,210:" + id + "=" + value + "|109_14:" + long_id + "=1.0|a_very_long_field:" + id +
            "=-1e-3\n";
    expected.push_back(id + "|" + value + "|" + long_id + "|" + id + "|-1e-3");
  }
  CHECK(read(Kind::skeleton, {text},
             {"210", "210__weights", "109_14", "a_very_long_field", "a_very_long_field__weights"})
            .lines == expected);
}

TEST_CASE("Ali-CCP: random lines, good and malformed, give what an obvious parser gives") {
  for (const bool broken : {false, true}) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      esmm::Random random(seed);
      std::string text;
      for (int i = 0; i < 200; ++i) text += random_line(random, broken);
      if (seed % 2 == 0) text.pop_back();  // the last line without its end
      Lines expected;
      std::vector<int64_t> numbers;
      size_t lines = 0;
      for (const std::string& line : split(text, '\n')) {
        ++lines;
        std::string row = row_of_line(line);
        if (line.find('\xC3') != std::string::npos) row.clear();  // not UTF-8: no byte follows that could
        if (row.empty()) continue;
        expected.push_back(row);
        numbers.push_back(static_cast<int64_t>(lines));
      }
      const ReadOutcome outcome = read(Kind::skeleton, {text}, {"sample_id", "210", "210__weights"});
      CHECK(outcome.lines == expected);
      CHECK(outcome.rows.size() + outcome.rejected.size() == lines);
      REQUIRE(outcome.rows.size() == numbers.size());
      for (size_t r = 0; r < numbers.size(); ++r) CHECK(outcome.rows[r].line == numbers[r]);
    }
  }
}

TEST_CASE("Ali-CCP: lines around the borders of the blocks that are read keep their numbers and reasons") {
  // The reader cuts after 2 MiB at a line's end; so each of these lines comes to stand at a border.
  const std::string good = ali("1,0,0,aa,1,210:7=1.0\n"), bad = ali("1,0,0,aa,1,210:7\n");
  const size_t block = size_t{2} << 20;
  for (const size_t before : {block - good.size() - 1, block - good.size(), block - 5, block - 1, block}) {
    std::string text;
    while (text.size() + 2 * good.size() < before) text += good;
    text += ali("1,0,0,") + std::string(before - text.size() - ali("1,0,0,,0,\n").size(), 'u') + ",0,\n";
    REQUIRE(text.size() == before);
    const auto lines = static_cast<int64_t>(std::count(text.begin(), text.end(), '\n'));
    const ReadOutcome outcome = read(Kind::skeleton, {text + bad + good + "\r\n" + good}, {"210"});
    REQUIRE(static_cast<int64_t>(outcome.rows.size()) == lines + 2);
    CHECK(outcome.rows[static_cast<size_t>(lines)].line == lines + 2);
    CHECK(outcome.rows[static_cast<size_t>(lines) + 1].line == lines + 4);
    CHECK(reasons(outcome) == Lines{std::to_string(lines + 1) + ",truncated feature: feature 1",
                                    std::to_string(lines + 3) + ",empty line,"});
  }
}

TEST_CASE("Ali-CCP: a line that is longer than a block is read, up to 4 MiB") {
  const auto line_of = [](size_t size) {
    const std::string begin = "1,0,0,", end = ali(",1,210:7=1.0");
    return begin + std::string(size - begin.size() - end.size(), 'u') + end;
  };
  const std::string good = ali("1,0,0,aa,1,210:8=1.0\n");
  const size_t most = size_t{4} << 20;
  for (const std::string end : {"\n", "\r\n"}) {
    const ReadOutcome outcome =
        read(Kind::skeleton, {good + line_of(most) + end + good + line_of(most + 1) + end + good}, {"210"});
    CHECK(outcome.lines == Lines{"8", "7", "8", "8"});
    CHECK(reasons(outcome) == Lines{"4,line longer than 4 MiB"});
    CHECK(outcome.rows.back().line == 5);
  }
}

TEST_CASE("Ali-CCP: a column asked for twice is a defect") {
  CHECK_THROWS_AS(read(Kind::skeleton, {"1,0,0,aa,0,\n"}, {"210", "210"}), esmm::InternalError);
}

TEST_CASE("an Ali-CCP source opens its skeleton and its common features; a missing file is named") {
  const TemporaryFolder folder;
  esmm::write_file(folder / "skeleton_1.csv", ali("1,0,0,aa,1,210:7=1.0\n"));
  esmm::write_file(folder / "common.csv", ali("aa,1,101:7=1.0\n"));
  esmm::SourceConfig source;
  source.format = esmm::SourceFormat::ali_ccp;
  source.paths = {folder / "skeleton_*.csv"};
  source.common = {folder / "common.csv"};
  Rejected rejected;
  CHECK(as_lines(read_all(*esmm::data::open_source(source, {"210", "101"}), rejected)) == Lines{"7|"});
  CHECK(as_lines(read_all(*esmm::data::open_ali_ccp_common(source, {"101"}), rejected)) == Lines{"7"});
  CHECK(esmm::data::source_header(source).columns.empty());
  source.common = {folder / "gone.csv"};
  CHECK_THROWS_WITH(esmm::data::open_ali_ccp_common(source, {"101"}), Catch::Contains("gone.csv"));
}
