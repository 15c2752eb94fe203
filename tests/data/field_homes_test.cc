#include "esmm/data/field_homes.h"

#include <catch2/catch.hpp>
#include <tuple>
#include <vector>

namespace esmm::data {
namespace {

// Fields 0, 1, 2 (with weights) and 5 are the impressions' own, 3 and 4 a table's.
FieldHomes homes() {
  DatasetLayout layout;
  layout.info.schema.fields.resize(6);
  layout.info.schema.fields[2].kind = FieldKind::multi;
  layout.info.schema.fields[2].weights = "w";
  layout.fields = {0, 1, 2, 5};
  layout.tables.push_back({.name = "users", .file = "tables/0-users.arrow", .fields = {3, 4}});
  return FieldHomes(layout);
}

using Run = std::tuple<size_t, size_t, size_t, size_t>;  // first, last, piece, length

std::vector<std::vector<Run>> runs_of(const std::vector<int64_t>& fields) {
  std::vector<std::vector<Run>> result;
  const FieldHomes::Runs runs = homes().runs(fields);
  size_t pieces = 0;
  for (const auto& home : runs.of_home) {
    result.emplace_back();
    for (const FieldRun& run : home) result.back().push_back({run.first, run.last, run.piece, run.length});
    pieces += home.size();
  }
  CHECK(runs.pieces == pieces);
  return result;
}

TEST_CASE("neighbours of a home are one run, unless one of them alone has weights") {
  CHECK(runs_of({0, 1, 2, 3, 4, 5}) ==
        std::vector<std::vector<Run>>{{{0, 2, 0, 0}, {2, 3, 1, 2}, {3, 4, 3, 5}}, {{0, 2, 2, 3}}});
}

TEST_CASE("fields in another order, twice or not of neighbours are runs of their own") {
  CHECK(runs_of({1, 0}) == std::vector<std::vector<Run>>{{{1, 2, 0, 0}, {0, 1, 1, 1}}, {}});
  CHECK(runs_of({0, 0}) == std::vector<std::vector<Run>>{{{0, 1, 0, 0}, {0, 1, 1, 1}}, {}});
  CHECK(runs_of({4, 0, 1}) == std::vector<std::vector<Run>>{{{0, 2, 1, 1}}, {{1, 2, 0, 0}}});
  CHECK(runs_of({}) == std::vector<std::vector<Run>>{{}, {}});
}

TEST_CASE("fields are told apart by where they are kept") {
  CHECK(homes().tables_among(std::vector<int64_t>{0, 4, 3}) == std::vector<size_t>{0});
  CHECK(homes().tables_among(std::vector<int64_t>{0}).empty());
  CHECK(homes().own_among(std::vector<int64_t>{4, 2, 0}) == std::vector<int64_t>{2, 0});
}

}  // namespace
}  // namespace esmm::data
