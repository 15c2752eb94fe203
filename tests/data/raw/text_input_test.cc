#include "esmm/data/raw/text_input.h"

#include <catch2/catch.hpp>

#include "tests/data/raw/gzip.h"
#include "tests/data/raw/raw_rows.h"

using esmm::data::open_source;
using esmm::data::Rejected;
using esmm::test::as_lines;
using esmm::test::gzip;
using esmm::test::read_all;
using esmm::test::ReadRow;
using esmm::test::TemporaryFolder;
using Lines = std::vector<std::string>;

namespace {

esmm::SourceConfig log_of(std::vector<std::filesystem::path> paths) {
  esmm::SourceConfig source;
  source.name = "log";
  source.paths = std::move(paths);
  return source;
}

}  // namespace

TEST_CASE("CSV: files that follow each other, by glob and by name, plain and gzip, keep their own lines") {
  const TemporaryFolder folder;
  std::string many = "a,b\n";
  for (int i = 0; i < 2'000'000; ++i) many += std::to_string(i) + ",\"q\nr\"\n";
  esmm::write_file(folder / "day1.csv", "a,b\n1,2\n");
  esmm::write_file(folder / "day2.csv.gz", gzip(many));
  esmm::write_file(folder / "other.csv", "b,a\n3,4\n");
  Rejected rejected;
  const auto rows =
      read_all(*open_source(log_of({folder / "day*", folder / "other.csv"}), {"a", "b"}), rejected);
  REQUIRE(rows.size() == 2'000'002);
  CHECK(rows.front().file == (folder / "day1.csv").string());
  bool equal = true;
  for (size_t i = 0; i < 2'000'000; ++i) {
    const ReadRow& row = rows[i + 1];
    equal = equal && row.values[0][0] == std::to_string(i) && row.values[1][0] == "q\nr" &&
            row.line == static_cast<int64_t>(2 + 2 * i);
  }
  CHECK(equal);
  CHECK(rows[5].file == (folder / "day2.csv.gz").string());
  CHECK(as_lines({rows.back()}) == Lines{"4|3"});
  CHECK(rejected.counts().empty());
}

TEST_CASE("CSV: a line over 4 MiB in a gzip file is rejected alone") {
  const TemporaryFolder folder;
  esmm::write_file(folder / "log.csv.gz", gzip("a,b\n1,2\n" + std::string(30'000'000, 'x') + "\n3,4\n"));
  Rejected rejected;
  const auto rows = read_all(*open_source(log_of({folder / "log.csv.gz"}), {"a", "b"}), rejected);
  CHECK(as_lines(rows) == Lines{"1|2", "3|4"});
  CHECK(rejected.counts() == std::map<std::string, int64_t>{{"line longer than 4 MiB", 1}});
}

TEST_CASE("CSV: a gzip file that is cut short or none at all is an error that names it") {
  const TemporaryFolder folder;
  std::string text = "a,b\n";
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i * 7919) + ",2\n";
  const std::string packed = gzip(text);
  esmm::write_file(folder / "cut.csv.gz", packed.substr(0, packed.size() / 2));
  esmm::write_file(folder / "plain.csv.gz", text);
  for (const char* name : {"cut.csv.gz", "plain.csv.gz"}) {
    Rejected rejected;
    CHECK_THROWS_WITH(read_all(*open_source(log_of({folder / name}), {"a"}), rejected),
                      Catch::Contains(name));
  }
}
