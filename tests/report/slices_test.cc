#include "esmm/report/slices.h"

#include <catch2/catch.hpp>

#include "tests/report/memory_split.h"
#include "tests/report/scored_columns.h"

namespace esmm::report {
namespace {

TEST_CASE("each value of a field is measured by itself, most rows first") {
  const auto split = test::memory_split({{7}, {3}, {3}, {7}, {3}});
  const test::ScoredColumns columns{.p_ctr = {0.5F, 0.1F, 0.2F, 0.4F, 0.3F},
                                    .p_cvr = {0.5F, 0.9F, 0.2F, 0.4F, 0.3F},
                                    .p_ctcvr = {0.25F, 0.09F, 0.04F, 0.16F, 0.09F},
                                    .click = {1, 1, 0, 0, 1},
                                    .conversion = {1, 1, 0, 0, 0}};
  const auto fields = report_slices(split, test::schema_of({"tab"}), {}, columns.scored());
  REQUIRE(fields.size() == 1);
  CHECK(fields[0].field == "tab");
  CHECK(fields[0].values == 2);
  REQUIRE(fields[0].slices.size() == 2);
  const Slice &three = fields[0].slices[0], &seven = fields[0].slices[1];
  CHECK(three.name == "table row 3");
  CHECK(three.rows == 3);
  CHECK(three.clicks == 2);
  CHECK(three.conversions == 1);
  CHECK(three.ctr.value.number == 0.5);     // 0.1 and 0.3 clicked, 0.2 not
  CHECK(three.cvr.value.number == 1.0);     // of the clicked: 0.9 converted, 0.3 did not
  CHECK(three.ctcvr.value.number == 0.75);  // 0.09 converted; 0.04 and 0.09 did not
  CHECK(seven.ctr.value.number == 1.0);
  CHECK(seven.cvr.value.reason == "no negatives");
}

TEST_CASE("fields of one value, of too many, and lists are left out") {
  std::vector<std::vector<int32_t>> rows;
  test::ScoredColumns columns;
  for (int32_t i = 0; i <= kMostValues; ++i) {
    rows.push_back({1, i, i % 2, i % static_cast<int32_t>(kMostValues), i % 2});
    for (auto* p : {&columns.p_ctr, &columns.p_cvr, &columns.p_ctcvr}) p->push_back(0.5F);
    columns.click.push_back(static_cast<float>(i % 3 == 0));
    columns.conversion.push_back(0);
  }
  Schema schema = test::schema_of({"constant", "many", "two", "fifty", "list"});
  schema.fields[4].kind = FieldKind::multi;
  const auto fields = report_slices(test::memory_split(rows), schema, {}, columns.scored());
  REQUIRE(fields.size() == 2);
  CHECK(fields[0].field == "two");
  CHECK(fields[1].field == "fifty");
  CHECK(fields[1].values == kMostValues);
  CHECK(fields[1].slices.size() == kMostSlices);
}

TEST_CASE("a head that the model does not predict has no AUC in any slice") {
  const auto split = test::memory_split({{0}, {1}});
  const test::ScoredColumns columns{
      .p_ctr = {0.5F, 0.5F}, .p_cvr = {}, .p_ctcvr = {}, .click = {1, 0}, .conversion = {0, 0}};
  const auto fields = report_slices(split, test::schema_of({"f"}), {}, columns.scored());
  CHECK(fields.at(0).slices.at(0).cvr.value.reason == "the model does not predict it");
}

}  // namespace
}  // namespace esmm::report
