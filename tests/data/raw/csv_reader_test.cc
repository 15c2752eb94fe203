#include "esmm/data/raw/csv_reader.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "esmm/core/error.h"
#include "esmm/core/random.h"
#include "tests/data/raw/gzip.h"
#include "tests/data/raw/raw_rows.h"
#include "tests/support/temporary_folder.h"

using esmm::SourceConfig;
using esmm::SourceFormat;
using esmm::data::open_source;
using esmm::data::Rejected;
using esmm::test::as_lines;
using esmm::test::gzip;
using esmm::test::outcome_of;
using esmm::test::read_all;
using esmm::test::ReadOutcome;
using esmm::test::TemporaryFolder;
using Lines = std::vector<std::string>;

namespace {

ReadOutcome read(const std::string& text, const Lines& columns = {"a", "b", "c"},
                 const std::string& delimiter = ",") {
  const TemporaryFolder folder;
  esmm::write_file(folder / "log.csv", text);
  const SourceConfig source{.name = "log",
                            .format = SourceFormat::automatic,
                            .paths = {folder / "log.csv"},
                            .common = {},
                            .split = {},
                            .delimiter = delimiter};
  return outcome_of([&] { return open_source(source, columns); });
}

SourceConfig source_of(std::vector<std::filesystem::path> paths) {
  SourceConfig source;
  source.name = "log";
  source.paths = std::move(paths);
  return source;
}

}  // namespace

TEST_CASE("CSV gives the columns asked for, in that order, with their lines") {
  const ReadOutcome outcome = read("a,b,c\n1,2,3\n4,,6\n", {"c", "a", "b"});
  CHECK(outcome.lines == Lines{"3|1|2", "6|4|"});
  CHECK(outcome.rows[1].line == 3);
  CHECK(outcome.rows[1].text == "4,,6");
  CHECK(outcome.rows[1].values[2] == Lines{""});
  CHECK(outcome.rejected.empty());
}

TEST_CASE("CSV: CRLF, a byte order mark, a last line without its end and other delimiters are read") {
  CHECK(read("a,b,c\r\n1,2,3\r\n4,5,6\r\n").lines == Lines{"1|2|3", "4|5|6"});
  CHECK(read("\xEF\xBB\xBF"
             "a,b,c\n1,2,3\n")
            .lines == Lines{"1|2|3"});
  CHECK(read("a,b,c\n1,2,3\n4,5,6").lines == Lines{"1|2|3", "4|5|6"});
  CHECK(read("a,b,c\n1,2,\n4,5,6\r").lines == Lines{"1|2|", "4|5|6"});
  CHECK(read("a;b;c\n1;2,5;3\n", {"b"}, ";").lines == Lines{"2,5"});
  CHECK(read("a\tb\tc\n1\t2\t3\n", {"b"}, "\t").lines == Lines{"2"});
}

TEST_CASE("CSV: a .tsv file is parted by tabs, unless the source says otherwise") {
  const TemporaryFolder folder;
  esmm::write_file(folder / "log.tsv", "a\tb,c\n1\t2,3\n");
  esmm::write_file(folder / "log.tsv.gz", gzip("b,c\ta\n5\t4\n"));
  esmm::write_file(folder / "more.csv", "\"b,c\",a\n7,6\n");
  Rejected rejected;
  const SourceConfig source = source_of({folder / "log.tsv", folder / "log.tsv.gz", folder / "more.csv"});
  CHECK(as_lines(read_all(*open_source(source, {"a", "b,c"}), rejected)) == Lines{"1|2,3", "4|5", "6|7"});
  SourceConfig commas = source_of({folder / "log.tsv"});
  commas.delimiter = ",";
  CHECK(as_lines(read_all(*open_source(commas, {"c"}), rejected)) == Lines{"3"});
}

TEST_CASE("CSV: a header whose line ends in neither \\n nor \\r\\n says so") {
  for (const std::string text : {"a,b,c\r\r\n1,2,3\r\r\n", "a,b,c\r1,2,3\r"})
    CHECK_THROWS_WITH(read(text),
                      Catch::Contains("log.csv:1: header cannot be read: expected lines that end in "
                                      "\\n or \\r\\n, got \\r without \\n behind it"));
  CHECK(read("a,\"b\r\nb\",c\r\n1,2,3\n", {"a"}).lines == Lines{"1"});
}

TEST_CASE("CSV: fields longer than a block of the scanner are split right") {
  const std::string x(15, 'x'), y(16, 'y'), z(33, 'z');
  CHECK(read("a,b,c\n" + x + "," + y + "," + z + "\n" + z + "," + x + "," + y + "\n").lines ==
        Lines{x + "|" + y + "|" + z, z + "|" + x + "|" + y});
}

TEST_CASE("CSV: quoted fields hold delimiters, doubled quotes and line ends") {
  const ReadOutcome outcome =
      read("a,\"b\",c\n1,\"x,y\",3\n4,\"say \"\"hi\"\"\",\"\"\n7,\"two\r\nlines\",9\n10,11,12\n");
  CHECK(outcome.lines == Lines{"1|x,y|3", "4|say \"hi\"|", "7|two\r\nlines|9", "10|11|12"});
  CHECK(outcome.rows[2].line == 4);
  CHECK(outcome.rows[2].text == "7,\"two\r\nlines\",9");
  CHECK(outcome.rows[3].line == 6);
  CHECK(outcome.rejected.empty());
}

TEST_CASE("CSV: a quote inside an unquoted field stands for itself") {
  CHECK(read("a,b,c\n1,5\" disk,3\n").lines == Lines{"1|5\" disk|3"});
}

TEST_CASE("CSV: quoted last fields end with CRLF, LF or the file") {
  CHECK(read("a,b,c\n1,2,\"3\"\r\n4,5,\"6\"\n7,8,\"9\"").lines == Lines{"1|2|3", "4|5|6", "7|8|9"});
}

TEST_CASE("CSV: a line with a wrong column count is rejected alone") {
  const ReadOutcome outcome = read("a,b,c\n1,2,3\n1,2\n1,2,3,4\n\"1\",2\n\"1\",2,3,4\n4,5,6\n");
  CHECK(outcome.lines == Lines{"1|2|3", "4|5|6"});
  REQUIRE(outcome.rejected.size() == 4);
  CHECK(outcome.rejected[0] == "3,\"wrong column count: expected 3, got 2\",\"1,2\"");
  CHECK(outcome.rejected[1] == "4,\"wrong column count: expected 3, got 4\",\"1,2,3,4\"");
  CHECK(outcome.rejected[2] == "5,\"wrong column count: expected 3, got 2\",\"\"\"1\"\",2\"");
  CHECK(outcome.rejected[3] == "6,wrong column count,\"\"\"1\"\",2,3,4\"");
}

TEST_CASE("CSV: an unclosed quote costs its own line alone") {
  SECTION("no other quote follows") {
    const ReadOutcome outcome = read("a,b,c\n1,2,3\n4,\"open,6\n7,8,9\n10,11,12\n");
    CHECK(outcome.lines == Lines{"1|2|3", "7|8|9", "10|11|12"});
    CHECK(outcome.rejected == Lines{"3,unclosed quote,\"4,\"\"open,6\""});
  }
  SECTION("a good quoted field follows") {
    const ReadOutcome outcome = read("a,b,c\n4,\"open,6\n7,\"8\",9\n10,\"1\n1\",12\n");
    CHECK(outcome.lines == Lines{"7|8|9", "10|1\n1|12"});
    CHECK(outcome.rejected == Lines{"2,unclosed quote,\"4,\"\"open,6\""});
  }
  SECTION("the quote closes far below, in a record with the wrong columns") {
    const ReadOutcome outcome = read("a,b,c\n4,5,\"open\n7,8,9\n1,x\",\"3\"\n10,11,12\n");
    CHECK(outcome.lines == Lines{"7|8|9", "1|x\"|3", "10|11|12"});
    CHECK(outcome.rejected == Lines{"2,unclosed quote,\"4,5,\"\"open\""});
  }
  SECTION("the quote closes below, in a record with too few columns") {
    const ReadOutcome outcome = read("a,b,c\n1,\"x\ny\"\n4,5,6\n");
    CHECK(outcome.lines == Lines{"4|5|6"});
    REQUIRE(outcome.rejected.size() == 2);
    CHECK(outcome.rejected[0] == "2,unclosed quote,\"1,\"\"x\"");
    CHECK(outcome.rejected[1].starts_with("3,\"wrong column count"));
  }
  SECTION("on the last line") {
    CHECK(read("a,b,c\n1,2,3\n4,5,\"").rejected == Lines{"3,unclosed quote,\"4,5,\"\"\""});
  }
}

TEST_CASE("CSV: text after a closing quote, an empty line and bytes that are not UTF-8 are rejected") {
  const ReadOutcome outcome = read("a,b,c\n1,\"2\"x,3\n\n1,caf\xE9,3\n\r\n1,\"q\xFF\",3\n1,caf\xC3\xA9,3\n");
  CHECK(outcome.lines == Lines{"1|caf\xC3\xA9|3"});
  CHECK(outcome.rejected == Lines{"2,text after a closing quote,\"1,\"\"2\"\"x,3\"", "3,empty line,",
                                  "4,not UTF-8,\"1,caf\\xE9,3\"", "5,empty line,",
                                  "6,not UTF-8,\"1,\"\"q\\xFF\"\",3\""});
}

TEST_CASE("CSV: a record over lines that is not UTF-8 is rejected whole") {
  const ReadOutcome outcome = read("a,b,c\n1,\"x\n\xFF\",3\n4,5,6\n");
  CHECK(outcome.lines == Lines{"4|5|6"});
  CHECK(outcome.rows[0].line == 4);
}

TEST_CASE("CSV: a line over 4 MiB is rejected, one of 4 MiB is read") {
  const std::string whole(esmm::data::kMaxLineBytes - 4, 'x');
  const ReadOutcome outcome = read("a,b,c\n1,2," + whole + "\r\n1,2,x" + whole + "\r\n1," +
                                   std::string(10'000'000, 'y') + ",3\n4,5,6\n");
  REQUIRE(outcome.rows.size() == 2);
  CHECK(outcome.rows[0].values[2][0] == whole);
  CHECK(outcome.lines[1] == "4|5|6");
  CHECK(outcome.rows[1].line == 5);
  REQUIRE(outcome.rejected.size() == 2);
  CHECK(outcome.rejected[0].starts_with("3,line longer than 4 MiB,\"1,2,xxx"));
  CHECK(outcome.rejected[1].starts_with("4,line longer than 4 MiB,\"1,yyy"));
}

TEST_CASE(
    "CSV: a quoted record over 4 MiB is an unclosed quote, and its other lines are read for themselves") {
  std::string text = "a,b,c\n1,\"open,3\n";
  for (int i = 0; i < 800'000; ++i) text += "4,5,6\n";
  const ReadOutcome outcome = read(text + "7,\",8\n");
  CHECK(outcome.rows.size() == 800'000);
  CHECK(outcome.rejected == Lines{"2,unclosed quote,\"1,\"\"open,3\"", "800003,unclosed quote,\"7,\"\",8\""});
}

TEST_CASE(
    "CSV: a missing column is an error that names the nearest, before the first row, in whichever file") {
  const TemporaryFolder folder;
  esmm::write_file(folder / "1.csv", "user_id,video_id\n1,2\n");
  esmm::write_file(folder / "2.csv", "user,video_id\n1,2\n");
  Rejected rejected;
  CHECK_THROWS_WITH(
      open_source(source_of({folder / "1.csv"}), {"user_idd"}),
      Catch::Contains("user_idd") && Catch::Contains("\"user_id\"") && Catch::Contains("1.csv"));
  CHECK_THROWS_WITH(open_source(source_of({folder / "*.csv"}), {"user_id"}), Catch::Contains("2.csv"));
  CHECK_THROWS_AS(open_source(source_of({folder / "1.csv"}), {"zzzzzzzz"}), esmm::ConfigError);
  CHECK(esmm::data::source_header(source_of({folder / "*.csv"})).columns == Lines{"user_id", "video_id"});
}

TEST_CASE(
    "CSV: missing files, unknown formats, ambiguous columns, bad delimiters and empty files are errors") {
  const TemporaryFolder folder;
  esmm::write_file(folder / "twice.csv", "a,a,b\n1,2,3\n");
  esmm::write_file(folder / "empty.csv", "");
  esmm::write_file(folder / "log.txt", "a\n1\n");
  Rejected rejected;
  CHECK_THROWS_WITH(
      open_source(source_of({folder.path()}), {"a"}),
      Catch::Contains("source 'log': is a folder; name its files, as in ") && Catch::Contains("*.csv"));
  CHECK_THROWS_WITH(open_source(source_of({folder / "no*.csv"}), {"a"}), Catch::Contains("no*.csv"));
  CHECK_THROWS_WITH(open_source(source_of({}), {"a"}), Catch::Contains("log"));
  CHECK_THROWS_WITH(open_source(source_of({folder / "twice.csv"}), {"a"}), Catch::Contains("twice"));
  CHECK_THROWS_WITH(open_source(source_of({folder / "empty.csv"}), {"a"}), Catch::Contains("no header line"));
  esmm::write_file(folder / "quoted.csv", "\"a\";\"b\"\n1;2\n");
  CHECK_THROWS_WITH(
      open_source(source_of({folder / "quoted.csv"}), {"a"}),
      Catch::Contains("got text after a closing quote; where another byte parts its columns, set "
                      "the source's delimiter"));
  CHECK_THROWS_WITH(open_source(source_of({folder / "log.txt"}), {"a"}), Catch::Contains(".parquet"));
  SourceConfig text = source_of({folder / "log.txt"});
  text.format = SourceFormat::csv;
  CHECK(as_lines(read_all(*open_source(text, {"a"}), rejected)) == Lines{"1"});
  text.delimiter = "\"";
  CHECK_THROWS_AS(open_source(text, {"a"}), esmm::ConfigError);
}

TEST_CASE("CSV: random lines, quoted and not, give what was written, with their numbers") {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    esmm::Random random(seed);
    const auto below = [&](int most) { return static_cast<int>(random.uniform() * most); };
    std::string text = "a,b,c\n";
    Lines expected;
    std::vector<int64_t> numbers;
    size_t rejected = 0;
    int64_t number = 1;
    for (int i = 0; i < 400; ++i) {
      ++number;
      const std::string end = below(3) == 0 ? "\r\n" : "\n";
      if (below(15) == 0) {
        text += std::string(below(2) == 0 ? "" : "1,2") + end;
        ++rejected;
        continue;
      }
      std::string row;
      for (int c = 0; c < 3; ++c) {
        const std::string value(static_cast<size_t>(below(40)), static_cast<char>('a' + c));
        const bool quoted = seed % 3 == 0 && below(4) == 0;
        text += (c > 0 ? "," : "") + (quoted ? "\"" + value + ",\"\"\"" : value);
        row += (c > 0 ? "|" : "") + (quoted ? value + ",\"" : value);
      }
      text += end;
      expected.push_back(row);
      numbers.push_back(number);
    }
    const ReadOutcome outcome = read(text);
    CHECK(outcome.lines == expected);
    CHECK(outcome.rejected.size() == rejected);
    REQUIRE(outcome.rows.size() == numbers.size());
    for (size_t r = 0; r < numbers.size(); ++r) CHECK(outcome.rows[r].line == numbers[r]);
  }
}

TEST_CASE("CSV: lines around the border of a block keep their numbers, with quotes behind it or not") {
  const size_t block = size_t{2} << 20;
  const std::string header = "a,b,c\n", good = "1,2,3\n";
  for (const std::string next : {"4,5,6\n", "\"4\",5,6\n"}) {
    for (const size_t before : {block - 7, block - 6, block - 3, block - 1, block}) {
      std::string text = header;
      while (text.size() + 2 * good.size() < before + header.size()) text += good;
      text += "1,2," + std::string(before + header.size() - text.size() - 5, 'x') + "\n";
      const auto lines = static_cast<int64_t>(std::count(text.begin(), text.end(), '\n'));
      const ReadOutcome outcome = read(text + "7,8\n" + next + "9,9,9");
      REQUIRE(static_cast<int64_t>(outcome.rows.size()) == lines + 1);
      CHECK(outcome.lines[static_cast<size_t>(lines) - 1] == "4|5|6");
      CHECK(outcome.rows[static_cast<size_t>(lines) - 1].line == lines + 2);
      CHECK(outcome.rows.back().line == lines + 3);
      CHECK(outcome.rejected ==
            Lines{std::to_string(lines + 1) + ",\"wrong column count: expected 3, got 2\",\"7,8\""});
    }
  }
}
