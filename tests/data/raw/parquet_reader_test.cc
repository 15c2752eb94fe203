#include "esmm/data/raw/parquet_reader.h"

#include <arrow/builder.h>
#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/data/raw/time_text.h"
#include "tests/data/raw/parquet_file.h"
#include "tests/data/raw/raw_rows.h"
#include "tests/support/temporary_folder.h"

using esmm::data::open_parquet;
using esmm::data::Rejected;
using esmm::test::array;
using esmm::test::as_lines;
using esmm::test::ParquetColumns;
using esmm::test::read_all;
using esmm::test::ReadRow;
using esmm::test::TemporaryFolder;
using esmm::test::write_parquet;
using Lines = std::vector<std::string>;
using Type = std::shared_ptr<arrow::DataType>;

namespace {

std::vector<ReadRow> read(const ParquetColumns& columns, const Lines& names, int64_t row_group_rows = 1000) {
  const TemporaryFolder folder;
  write_parquet(folder / "log.parquet", columns, row_group_rows);
  Rejected rejected;
  return read_all(*open_parquet(folder / "log.parquet", names), rejected);
}

// The values of a column of one type, one text per row.
Lines texts(const Type& type, const std::string& json) {
  return as_lines(read({{"x", array(type, json)}}, {"x"}));
}

}  // namespace

TEST_CASE("Parquet: integers, bool, text and decimals become text") {
  CHECK(texts(arrow::int64(), "[1, -9223372036854775808, 9223372036854775807]") ==
        Lines{"1", "-9223372036854775808", "9223372036854775807"});
  CHECK(texts(arrow::uint64(), "[18446744073709551615]") == Lines{"18446744073709551615"});
  CHECK(texts(arrow::int8(), "[-128]") == Lines{"-128"});
  CHECK(texts(arrow::uint16(), "[65535]") == Lines{"65535"});
  CHECK(texts(arrow::boolean(), "[true, false]") == Lines{"1", "0"});
  CHECK(texts(arrow::utf8(), R"(["a,b", "", "é"])") == Lines{"a,b", "", "é"});
  CHECK(texts(arrow::large_utf8(), R"(["x"])") == Lines{"x"});
  CHECK(texts(arrow::binary(), R"(["x"])") == Lines{"x"});
  CHECK(texts(arrow::fixed_size_binary(2), R"(["xy"])") == Lines{"xy"});
  CHECK(texts(arrow::decimal128(9, 2), R"(["12.30"])") == Lines{"12.30"});
}

TEST_CASE(
    "Parquet: floats take the shortest text that reads back equal, whole numbers none of the exponent") {
  CHECK(texts(arrow::float64(), "[0.1, 1.0, 1000000, 1e300, -2.5, 0.30000000000000004]") ==
        Lines{"0.1", "1", "1000000", "1e+300", "-2.5", "0.30000000000000004"});
  CHECK(texts(arrow::float32(), "[0.1, 3, 16777216]") == Lines{"0.1", "3", "16777216"});
}

TEST_CASE("Parquet: dates and times become ISO 8601 in UTC") {
  CHECK(texts(arrow::date32(), "[0, -1, 19113]") == Lines{"1970-01-01", "1969-12-31", "2022-05-01"});
  CHECK(texts(arrow::timestamp(arrow::TimeUnit::SECOND), "[1651330969]") == Lines{"2022-04-30T15:02:49Z"});
  CHECK(texts(arrow::timestamp(arrow::TimeUnit::MILLI, "Asia/Shanghai"), "[1651330969568, 1651330969000]") ==
        Lines{"2022-04-30T15:02:49.568Z", "2022-04-30T15:02:49Z"});
  CHECK(texts(arrow::timestamp(arrow::TimeUnit::NANO), "[-1]") == Lines{"1969-12-31T23:59:59.999999999Z"});
  CHECK(texts(arrow::time32(arrow::TimeUnit::MILLI), "[3723004]") == Lines{"01:02:03.004"});
  CHECK(esmm::data::date_text(2'932'896) == "9999-12-31");
  CHECK(esmm::data::date_text(2'932'897) == "2932897");
  CHECK(esmm::data::date_text(-719'528) == "0000-01-01");
}

TEST_CASE("Parquet: a null is a row without values, an empty text is a value") {
  const auto rows = read(
      {{"x", array(arrow::utf8(), R"([null, "", "a"])")}, {"y", array(arrow::int32(), "[1, null, null]")}},
      {"x", "y"});
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].values == std::vector<Lines>{{}, {"1"}});
  CHECK(rows[1].values == std::vector<Lines>{{""}, {}});
  CHECK(rows[2].values == std::vector<Lines>{{"a"}, {}});
}

TEST_CASE("Parquet: lists give a value per element; null and empty lists none") {
  const auto rows = read(
      {{"ids", array(arrow::list(arrow::int64()), "[[1, 2], [], null, [3]]")},
       {"weights", array(arrow::large_list(arrow::float32()), "[[0.5, 1], [], null, [null]]")},
       {"pair",
        array(arrow::fixed_size_list(arrow::utf8(), 2), R"([["a", "b"], ["c", "d"], null, ["e", "f"]])")}},
      {"ids", "weights", "pair"});
  CHECK(as_lines(rows) == Lines{"1;2|0.5;1|a;b", "||c;d", "||", "3||e;f"});
  CHECK(rows[3].values[1] == Lines{""});
}

TEST_CASE("Parquet: dictionaries give their values, also inside lists") {
  const Type dictionary = arrow::dictionary(arrow::int32(), arrow::utf8());
  const auto column =
      arrow::json::DictArrayFromJSONString(dictionary, "[1, 0, null, 1]", R"(["red", "blue"])").ValueOrDie();
  CHECK(as_lines(read({{"x", column}}, {"x"})) == Lines{"blue", "red", "", "blue"});
  CHECK(read({{"x", column}}, {"x"})[2].values[0].empty());
}

TEST_CASE(
    "Parquet: rows of several row groups and batches keep their order and their number, columns their asked "
    "order") {
  std::string ids = "[0", lists = "[[]";
  Lines expected{"|0"};
  for (int i = 1; i < 30'000; ++i) {
    const std::string text = std::to_string(i);
    ids += "," + text;
    lists += i % 3 == 0 ? ",[]" : ",[" + text + "," + text + "]";
    expected.push_back((i % 3 == 0 ? "" : text + ";" + text) + "|" + text);
  }
  const auto rows = read({{"id", array(arrow::int32(), ids + "]")},
                          {"unread", array(arrow::int32(), ids + "]")},
                          {"list", array(arrow::list(arrow::int32()), lists + "]")}},
                         {"list", "id"}, 12'345);
  CHECK(as_lines(rows) == expected);
  bool in_order = true;
  for (size_t i = 0; i < rows.size(); ++i) in_order = in_order && rows[i].line == static_cast<int64_t>(i) + 1;
  CHECK(in_order);
}

TEST_CASE("Parquet: a row whose text is not UTF-8 or over 4 MiB is rejected alone") {
  arrow::BinaryBuilder bytes;
  const std::string long_text(esmm::data::kMaxLineBytes + 1, 'x');
  for (const std::string& text : {std::string("a"), std::string("\xFF"), long_text, std::string("b")})
    REQUIRE(bytes.Append(text).ok());
  const TemporaryFolder folder;
  write_parquet(folder / "log.parquet",
                {{"x", bytes.Finish().ValueOrDie()},
                 {"y", array(arrow::list(arrow::int8()), "[[1, 2], [3], [4], [5, null]]")}});
  Rejected rejected(folder / "rejected.csv");
  const auto rows = read_all(*open_parquet(folder / "log.parquet", {"x", "y"}), rejected);
  rejected.close();
  CHECK(as_lines(rows) == Lines{"a|1;2", "b|5;"});
  CHECK(rows[1].line == 4);
  CHECK(esmm::test::rejected_lines(folder / "rejected.csv") ==
        Lines{"2,not UTF-8: column x,\\xFF", "3,line longer than 4 MiB,"});
}

TEST_CASE("Parquet: a source of several files reads them in order") {
  const TemporaryFolder folder;
  write_parquet(folder / "1.parquet", {{"x", array(arrow::int32(), "[1, 2]")}});
  write_parquet(folder / "2.parquet",
                {{"y", array(arrow::int32(), "[8]")}, {"x", array(arrow::utf8(), R"(["3"])")}});
  esmm::SourceConfig source;
  source.name = "log";
  source.paths = {folder / "*.parquet"};
  Rejected rejected;
  const auto rows = read_all(*esmm::data::open_source(source, {"x"}), rejected);
  CHECK(as_lines(rows) == Lines{"1", "2", "3"});
  CHECK(rows[2].line == 1);
  CHECK(esmm::data::source_header(source).columns == Lines{"x"});
  CHECK_THROWS_WITH(esmm::data::open_source(source, {"y"}),
                    Catch::Contains("1.parquet") && Catch::Contains("'y'"));
}

TEST_CASE("Parquet: a single column that is called with a semicolon is no matter of a delimiter") {
  const TemporaryFolder folder;
  write_parquet(folder / "log.parquet", {{"a;b", array(arrow::int32(), "[1]")}});
  esmm::SourceConfig source;
  source.name = "log";
  source.paths = {folder / "log.parquet"};
  CHECK_FALSE(esmm::data::source_header(source).wrong_delimiter.has_value());
  CHECK_THROWS_WITH(esmm::data::open_source(source, {"x"}),
                    Catch::Contains("no column 'x'; its columns are a;b"));
}

TEST_CASE("Parquet: a column of structs, a missing column and a file that is none are errors") {
  const TemporaryFolder folder;
  write_parquet(folder / "log.parquet",
                {{"video_id", array(arrow::int32(), "[1]")},
                 {"struct", array(arrow::struct_({arrow::field("a", arrow::int32())}), R"([{"a": 1}])")}});
  esmm::write_file(folder / "text.parquet", "a,b\n1,2\n");
  Rejected rejected;
  CHECK_THROWS_WITH(open_parquet(folder / "log.parquet", {"struct"}), Catch::Contains("struct"));
  CHECK_THROWS_WITH(open_parquet(folder / "log.parquet", {"vide_id"}), Catch::Contains("\"video_id\""));
  CHECK_THROWS_WITH(open_parquet(folder / "text.parquet", {"a"}), Catch::Contains("text.parquet"));
}

TEST_CASE("Parquet: a file that is damaged in its middle is an error that names it") {
  const TemporaryFolder folder;
  std::string ids = "[0";
  for (int i = 1; i < 20'000; ++i) ids.append(1, ',').append(std::to_string(i * 7919 % 100'003));
  write_parquet(folder / "log.parquet", {{"x", array(arrow::int32(), ids + "]")}});
  std::string content = esmm::read_file(folder / "log.parquet");
  for (size_t i = 4; i < 2000; ++i) content[i] = '\x5A';
  esmm::write_file(folder / "log.parquet", content);
  Rejected rejected;
  CHECK_THROWS_WITH(read_all(*open_parquet(folder / "log.parquet", {"x"}), rejected),
                    Catch::Contains("log.parquet"));
}
