#include "esmm/data/dataset_json.h"

#include <catch2/catch.hpp>

#include <string>

#include "tests/data/prepare/prepared.h"

using esmm::data::DatasetLayout;
using esmm::data::layout_from_json;
using esmm::data::layout_to_json;

namespace {

// Of two fields of the impressions, and one of a joined source.
DatasetLayout small_layout() {
  DatasetLayout layout;
  layout.info.schema.fields.resize(3);
  layout.info.schema.fields[0].name = "item";
  layout.info.schema.fields[1].name = "city";
  layout.info.schema.fields[2].name = "seen";
  layout.info.schema.fields[2].shares = "item";
  layout.info.table_rows = 17;
  layout.info.splits = {{"test", {2, 1, 0}}, {"train", {5, 2, 1}}};
  layout.info.has_click_weight = true;
  layout.info.group_by = "user";
  layout.info.config = "data: {}\n";
  layout.info.digest = "0123456789abcdef";
  layout.fields = {0, 2};
  layout.tables = {{"users", "tables/0-users.arrow", {1}}};
  layout.files = {"log.csv"};
  layout.shards = {{"test", {"test/00000.arrow"}}, {"train", {"train/00000.arrow"}}};
  layout.rejected = {{"wrong column count", 4}};
  return layout;
}

// What is said of the file where `from` stands as `to` in it.
std::string said(const std::string& from, const std::string& to) {
  std::string text = layout_to_json(small_layout());
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  return esmm::test::error_of([&] { layout_from_json(text, "out/dataset.json"); });
}

}  // namespace

TEST_CASE("what a data set says of itself is read as it was written") {
  const std::string text = layout_to_json(small_layout());
  const DatasetLayout read = layout_from_json(text, "out/dataset.json");
  CHECK(read.info.splits == small_layout().info.splits);
  CHECK(read.info.has_click_weight);
  CHECK_FALSE(read.info.has_conversion_weight);
  CHECK(read.tables[0].file == "tables/0-users.arrow");
  CHECK(layout_to_json(read) == text);
}

TEST_CASE("a damaged dataset.json is an error that names the file, the key and what is wrong") {
  const std::string where = "out/dataset.json: ", again = "; prepare the data set again";
  CHECK(said("\"version\": 3", "\"version\": 2") ==
        where + "version: is another: expected version 3, got version 2" + again);
  CHECK(said("esmm data set", "essm data set") ==
        where + "format: is another: expected esmm data set" + again);
  CHECK(said("\"digest\"", "\"digets\"") == where + "digest: is missing" + again);
  CHECK_THAT(said("\"table_rows\": 17", "\"table_rows\": \"17\""),
             Catch::StartsWith(where + "table_rows: is not what prepare writes: got "));
  CHECK(said("\"table_rows\": 17", "\"table_rows\": 17.5") ==
        where + "table_rows: is not what prepare writes" + again);
  CHECK(said("\"table_rows\": 17", "\"table_rows\": 2") ==
        where + "table_rows: is out of range: expected 3 to 2147483647, got 2" + again);
  CHECK(said("\"has_click_weight\"", "\"has_clik_weight\"") ==
        where + "has_clik_weight: is no key of it" + again);  // without, no such key is written
  CHECK_THAT(said("\"group_by\": \"user\",", "\"group_by\": \"user\", \"idd\": \"\","),
             Catch::Equals(where + "idd: is no key of it; did you mean \"id\"?"));
  CHECK_THAT(said("{", "["), Catch::StartsWith(where + "is no JSON: got "));
  CHECK(esmm::test::error_of([] { layout_from_json("[]", "out/dataset.json"); }) ==
        where + "format: is missing" + again);
}

TEST_CASE("names of fields that cannot be are told") {
  const std::string where = "out/dataset.json: schema: ", again = "; prepare the data set again";
  CHECK(said("\"name\": \"city\"", "\"name\": \"item\"") ==
        where + "two fields have one name: got item" + again);
  CHECK(said("\"name\": \"city\"", "\"name\": \"\"") == where + "a field has no name" + again);
  CHECK(said("\"shares\": \"item\"", "\"shares\": \"itme\"") ==
        where + "field seen names one that is not there: got itme; did you mean \"item\"?");
  CHECK(said("\"side\": \"context\"", "\"side\": \"kontext\"") ==
        where + "is no schema of this version" + again);
}

TEST_CASE("fields and splits that are stored nowhere or twice are told") {
  const std::string where = "out/dataset.json: ", again = "; prepare the data set again";
  const std::string own = "\"impression_fields\": [\n  0,\n  2\n ]";
  CHECK(said(own, "\"impression_fields\": [0]") ==
        where + "impression_fields: field seen is stored nowhere" + again);
  CHECK(said(own, "\"impression_fields\": [0, 2, 1]") ==
        where + "tables: field city is stored twice" + again);
  CHECK(said(own, "\"impression_fields\": [0, 3]") ==
        where + "impression_fields: names a field that the schema has not: expected less than 3, got 3" +
            again);
  CHECK_THAT(said("\"test\": {", "\"tset\": {"),
             Catch::StartsWith(where + "splits: there is no such split: expected train, validation, test"));
  CHECK(said("\"test\": [", "\"validation\": [") == where + "shards: those of test are missing" + again);
}

TEST_CASE("training and validation are in memory beside each other, a test split alone") {
  using Files = std::vector<std::string>;
  DatasetLayout layout = small_layout();
  layout.shards["validation"] = {"validation/00000.arrow"};
  const Files training{"tables/0-users.arrow", "train/00000.arrow", "validation/00000.arrow"};
  CHECK(esmm::data::files_read_with(layout, "train") == training);
  CHECK(esmm::data::files_read_with(layout, "validation") == training);
  CHECK(esmm::data::files_read_with(layout, "test") == Files{"tables/0-users.arrow", "test/00000.arrow"});
}
