#include "esmm/config/source_format.h"

#include <catch2/catch.hpp>

using esmm::delimiter_of;
using esmm::format_by_name;
using esmm::SourceConfig;
using esmm::SourceFormat;

TEST_CASE("a file's name tells its format") {
  for (const char* name : {"a.csv", "a.csv.gz", "a.tsv", "x/a.b.tsv.gz"})
    CHECK(format_by_name(name) == SourceFormat::csv);
  CHECK(format_by_name("a.parquet") == SourceFormat::parquet);
  for (const char* name : {"a.txt", "a.gz", "csv", "a.parquet.gz", ""})
    CHECK_FALSE(format_by_name(name).has_value());
}

TEST_CASE("columns are parted by what the source says, else by what the file's name says") {
  SourceConfig source;
  CHECK(delimiter_of(source, "a.csv") == ",");
  CHECK(delimiter_of(source, "a.txt") == ",");
  CHECK(delimiter_of(source, "a.tsv") == "\t");
  CHECK(delimiter_of(source, "a.tsv.gz") == "\t");
  source.delimiter = ",";
  CHECK(delimiter_of(source, "a.tsv") == ",");
}
