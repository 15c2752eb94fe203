#include "esmm/experiment/cell_file.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "tests/support/temporary_folder.h"

namespace esmm::experiment {
namespace {

CellFile some_cell() {
  CellFile cell{.dataset = "f00d", .result = {}};
  cell.result.parameters = 1234;
  cell.result.samples = 219;
  cell.result.train_seconds = 0.1;
  cell.result.heads["cvr"] = {
      .space = "clicks",
      .rows = 40,
      .positives = 7.5,
      .values = {{"auc", metrics::defined(2.0 / 3)}, {"gauc", metrics::undefined("no group")}}};
  return cell;
}

TEST_CASE("a cell's file gives back what was put into it") {
  const test::TemporaryFolder folder;
  write_cell(folder / "cell.json", some_cell());
  const CellFile read = read_cell(folder / "cell.json");
  CHECK(read.dataset == "f00d");
  CHECK(read.result.parameters == 1234);
  CHECK(read.result.samples == 219);
  CHECK(read.result.train_seconds == 0.1);
  REQUIRE(read.result.heads.size() == 1);
  const HeadResult& head = read.result.heads.at("cvr");
  CHECK(head.space == "clicks");
  CHECK(head.rows == 40);
  CHECK(head.positives == 7.5);
  CHECK(head.values.size() == 2);
  CHECK(head.values.at("auc").number == 2.0 / 3);
  CHECK_FALSE(head.values.at("gauc").number);
  CHECK(head.values.at("gauc").reason == "no group");
}

TEST_CASE("in a cell's file, what is undefined is null beside its reason") {
  const test::TemporaryFolder folder;
  write_cell(folder / "cell.json", some_cell());
  const auto json = nlohmann::json::parse(read_file(folder / "cell.json"));
  CHECK(json.at("heads").at("cvr").at("gauc").is_null());
  CHECK(json.at("heads").at("cvr").at("gauc_reason") == "no group");
}

TEST_CASE("another file, or half of one, is an error of one line that says what to do") {
  const test::TemporaryFolder folder;
  for (const char* text : {"", "{", "{}", "[]", R"({"kind": "esmm cell 0"})", R"({"kind": "esmm cell 1"})"}) {
    INFO(text);
    write_file(folder / "cell.json", text);
    CHECK_THROWS_WITH(read_cell(folder / "cell.json"), Catch::Contains("remove the file"));
  }
}

}  // namespace
}  // namespace esmm::experiment
