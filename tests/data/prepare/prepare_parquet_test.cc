#include <catch2/catch.hpp>

#include "tests/data/prepare/prepared.h"
#include "tests/data/raw/parquet_file.h"

using esmm::Batch;
using esmm::data::Dataset;
using esmm::data::PrepareReport;
using esmm::test::array;
using esmm::test::error_of;
using esmm::test::ParquetColumns;
using esmm::test::whole;
using esmm::test::Workshop;
using esmm::test::write_parquet;

namespace {

std::string logs_config(const std::string& file) {
  return "  sources: [{name: log, paths: " + file + R"(}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  max_rejected: 1
  fields:
    - {name: item}
    - {name: seen, kind: multi, separator: " ", weights: times, shares: item}
)";
}

ParquetColumns logs_of_lists() {
  return {{"item", array(arrow::utf8(), R"(["a", "b", "c", "a"])")},
          {"seen", array(arrow::list(arrow::utf8()), R"([["a", "b"], [], ["c"], ["a"]])")},
          {"times", array(arrow::list(arrow::float64()), "[[0.5, 2], null, [3], [1]]")},
          {"day", array(arrow::int32(), "[1, 1, 1, 2]")},
          {"click", array(arrow::int8(), "[1, 1, 0, 1]")},
          {"buy", array(arrow::boolean(), "[true, false, false, false]")}};
}

}  // namespace

TEST_CASE("prepare takes a Parquet list as it is where CSV has a text with separators") {
  const Workshop shop;
  shop.write("log.csv",
             "item,seen,times,day,click,buy\n"
             "a,a b,0.5 2,1,1,1\n"
             "b,,,1,1,0\n"
             "c,c,3,1,0,0\n"
             "a,a,1,2,1,0\n");
  write_parquet(shop.folder / "log.parquet", logs_of_lists());
  shop.prepare(logs_config("log.csv"));
  const Batch of_text = whole(Dataset(shop.out()).split("train"));
  shop.prepare(logs_config("log.parquet"));
  const Batch of_lists = whole(Dataset(shop.out()).split("train"));
  CHECK(of_text.bags.offsets == std::vector<int64_t>{0, 1, 3, 4, 4, 5, 6});
  CHECK(of_lists.bags.offsets == of_text.bags.offsets);
  CHECK(of_lists.bags.ids == of_text.bags.ids);
  CHECK(of_lists.bags.weights == of_text.bags.weights);
}

TEST_CASE("a Parquet list of one value is not cut at the separator either") {
  const Workshop shop;
  ParquetColumns columns = logs_of_lists();
  columns[1].second = array(arrow::list(arrow::utf8()), R"([["a", "b"], [], ["c d"], ["a"]])");
  write_parquet(shop.folder / "log.parquet", columns);
  CHECK(shop.prepare(logs_config("log.parquet")).rejected.empty());  // one weight for it
  CHECK(whole(Dataset(shop.out()).split("train")).bags.offsets == std::vector<int64_t>{0, 1, 3, 4, 4, 5, 6});
}

TEST_CASE("prepare rejects rows with a list where one value is wanted") {
  const Workshop shop;
  ParquetColumns columns = logs_of_lists();
  std::string column;
  SECTION("field") {
    column = "item";
    columns[0].second = array(arrow::list(arrow::utf8()), R"([["a"], ["b", "a"], ["c"], ["a"]])");
  }
  SECTION("split") {
    column = "day";
    columns[3].second = array(arrow::list(arrow::int8()), "[[1], [1, 2], [1], [2]]");
  }
  SECTION("label") {
    column = "click";
    columns[4].second = array(arrow::list(arrow::int8()), "[[1], [1, 0], [0], [1]]");
  }
  std::string config = logs_config("log.parquet");
  SECTION("the group, of a column that a field with several values has too") {
    column = "seen";
    config += "  group_by: seen\n";
    columns[5].second = array(arrow::boolean(), "[true, true, false, false]");
  }
  write_parquet(shop.folder / "log.parquet", columns);
  const PrepareReport report = shop.prepare(config);
  CHECK(report.rejected == std::map<std::string, int64_t>{{"more than one value in column " + column, 1}});
}

TEST_CASE(
    "a Parquet text needs a separator where its field has several values, as CSV does; a list needs none") {
  const Workshop shop;
  std::string config = logs_config("log.parquet");
  const std::string separator = ", separator: \" \"", weights = ", weights: times";
  for (const std::string& part : {separator, weights}) config.erase(config.find(part), part.size());
  ParquetColumns columns = logs_of_lists();
  write_parquet(shop.folder / "log.parquet", columns);
  shop.prepare(config);
  CHECK(whole(Dataset(shop.out()).split("train")).bags.offsets == std::vector<int64_t>{0, 1, 3, 4, 4, 5, 6});
  columns[1].second = array(arrow::utf8(), R"(["a b", "", "c", "a"])");
  write_parquet(shop.folder / "log.parquet", columns);
  CHECK_THAT(error_of([&] { shop.prepare(config); }), Catch::Contains("data.fields.seen.separator: missing"));
}
